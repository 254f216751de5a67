package org.pairspan.runtime.certificate;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate and its key in two files, replaced together. New ones are written beside the old, with {@code .next} behind their names, and
 * reach the disk; then the key takes its place, then the certificate. Whatever happens in between, {@link #recover()} makes of it either the
 * old two or the new two.
 */
public final class CertificateFiles {
    private final Path certificate;
    private final Path key;
    private final Path nextCertificate;
    private final Path nextKey;

    /** Names the two files; neither is touched, and neither need exist. */
    public CertificateFiles(Path certificate, Path key) {
        this.certificate = certificate;
        this.key = key;
        this.nextCertificate = next(certificate);
        this.nextKey = next(key);
    }

    private static Path next(Path file) {
        return file.resolveSibling(file.getFileName() + ".next");
    }

    /** Finishes or undoes a replacement that was interrupted. Before the files are read; by one process at a time. */
    public void recover() throws IOException {
        boolean keyTookItsPlace = !Files.exists(nextKey);
        if (Files.exists(nextCertificate) && keyTookItsPlace) {
            move(nextCertificate, certificate);
        }
        Files.deleteIfExists(nextCertificate);
        Files.deleteIfExists(nextKey);
    }

    /** Puts new ones in the place of the old; when this fails, the old are in use, or {@link #recover()} is needed. */
    public void replace(PrivateKey newKey, List<X509Certificate> chain) throws IOException {
        recover();
        PemFiles.writePrivateKey(nextKey, newKey);
        force(nextKey);
        PemFiles.writeCertificates(nextCertificate, chain);
        force(nextCertificate);
        move(nextKey, key);
        move(nextCertificate, certificate);
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        force(to.toAbsolutePath().getParent());
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
