package org.pairspan.runtime.pki;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.pairspan.runtime.certificate.PemFiles;

/**
 * A certificate that was just made, with its private key.
 *
 * @param certificate the public part
 * @param privateKey the secret part; not in {@link #toString()}
 */
public record IssuedCertificate(X509Certificate certificate, PrivateKey privateKey) {
    /**
     * Writes {@code <name>.crt} and {@code <name>.key} (PKCS#8, permissions 0600 from its creation on) into a folder, which is created when needed.
     *
     * @throws FileAlreadyExistsException when one of them is there: nothing is overwritten
     */
    public void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Path certificateFile = folder.resolve(name + ".crt");
        if (Files.exists(certificateFile)) {
            throw new FileAlreadyExistsException(certificateFile.toString());
        }
        PemFiles.writePrivateKey(folder.resolve(name + ".key"), privateKey);
        PemFiles.writeCertificates(certificateFile, List.of(certificate));
    }

    @Override
    public String toString() {
        return "certificate of " + certificate.getSubjectX500Principal();
    }
}
