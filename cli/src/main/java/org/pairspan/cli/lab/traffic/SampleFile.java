package org.pairspan.cli.lab.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/** Makes and compares files. */
public final class SampleFile {

    private static final int BLOCK = 1 << 20;

    private SampleFile() {
    }

    /** Writes a file of random bytes (nothing in it repeats, so that a piece of it is recognised wherever it shows). */
    public static void create(Path path, int mebibytes, long seed) throws IOException {
        final SplittableRandom random = new SplittableRandom(seed);
        final byte[] block = new byte[BLOCK];
        try (OutputStream out = Files.newOutputStream(path)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
    }

    /** The SHA-256 of a file, in hexadecimal. */
    public static String sha256(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            final byte[] block = new byte[BLOCK];
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                digest.update(block, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
