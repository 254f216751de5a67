package org.pairspan.cli.ctl;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.pairspan.cli.failure.CommandFailure;

/** Reads a secret from a file or from standard input, never from an argument, which every user of the machine could read. */
public final class SecretInput {
    /** Longest secret, bytes. */
    static final int MAX_LENGTH = 4096;

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private SecretInput() {
    }

    /**
     * @param file where it is; null for standard input, which on a terminal is read without echo
     * @param prompt shown on a terminal
     * @return UTF-8, without the line end at its end; the caller's to wipe
     * @throws CommandFailure where it can't be read, is empty or too long, or others may touch its file
     */
    public static byte[] read(Path file, String prompt) {
        Console console = System.console();
        try {
            if (file == null && console != null && console.isTerminal()) {
                return checked(utf8(console.readPassword("%s: ", prompt)), "what was typed");
            }
            if (file == null) {
                return checked(System.in.readNBytes(MAX_LENGTH + 2), "standard input");
            }
            requireOwnersOnly(file);
            try (InputStream in = Files.newInputStream(file)) {
                return checked(in.readNBytes(MAX_LENGTH + 2), file.toString());
            }
        } catch (IOException e) {
            throw new CommandFailure("cannot read the secret" + (file == null ? "" : " from " + file) + ": " + e.getMessage(), e);
        }
    }

    private static void requireOwnersOnly(Path file) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix") && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            throw new CommandFailure("others than its owner may touch " + file + ", which holds a secret. chmod 600 " + file);
        }
    }

    private static byte[] utf8(char[] typed) {
        if (typed == null) {
            return new byte[0];
        }
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(typed));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        Arrays.fill(encoded.array(), (byte) 0);
        Arrays.fill(typed, '\0');
        return bytes;
    }

    private static byte[] checked(byte[] bytes, String where) {
        int length = bytes.length;
        while (length > 0 && (bytes[length - 1] == '\n' || bytes[length - 1] == '\r')) {
            length--;
        }
        byte[] secret = Arrays.copyOf(bytes, length);
        Arrays.fill(bytes, (byte) 0);
        if (length == 0 || length > MAX_LENGTH) {
            Arrays.fill(secret, (byte) 0);
            throw new CommandFailure("a secret has 1 to " + MAX_LENGTH + " bytes; " + where + " holds " + (length == 0 ? "none" : "more"));
        }
        return secret;
    }
}
