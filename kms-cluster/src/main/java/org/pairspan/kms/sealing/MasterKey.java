package org.pairspan.kms.sealing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.pairspan.runtime.config.ConfigurationException;

/**
 * The key under which a journal's sealing ring is wrapped: 32 bytes, the same at every key server. In a file it is written as 64 hex
 * digits and a line feed, readable by its owner alone.
 */
public final class MasterKey {

    /** Bytes. */
    public static final int LENGTH = 32;

    private MasterKey() {
    }

    /**
     * Writes a new random master key to a file that must not exist yet.
     *
     * @throws IOException where it exists or cannot be written
     */
    public static void create(Path file) throws IOException {
        byte[] key = new byte[LENGTH];
        new SecureRandom().nextBytes(key);
        byte[] text = hexLine(key);
        FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Set<StandardOpenOption> options = EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
        try (SeekableByteChannel channel = Files.newByteChannel(file, options, ownerOnly)) {
            ByteBuffer buffer = ByteBuffer.wrap(text);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } finally {
            Arrays.fill(key, (byte) 0);
            Arrays.fill(text, (byte) 0);
        }
    }

    private static byte[] hexLine(byte[] key) {
        byte[] line = new byte[2 * key.length + 1];
        for (int i = 0; i < key.length; i++) {
            line[2 * i] = (byte) HexFormat.of().toHighHexDigit(key[i]);
            line[2 * i + 1] = (byte) HexFormat.of().toLowHexDigit(key[i]);
        }
        line[line.length - 1] = '\n';
        return line;
    }

    /**
     * Reads a master key.
     *
     * @param setting name of the configuration value that names the file, for errors
     * @return 32 bytes, the caller's to wipe
     */
    public static byte[] read(String setting, Path file) {
        byte[] text = SecretFile.readLine(setting, file);
        char[] digits = new char[text.length];
        for (int i = 0; i < text.length; i++) {
            digits[i] = (char) (text[i] & 0xff);
        }
        try {
            byte[] key = HexFormat.of().parseHex(digits, 0, digits.length);
            if (key.length != LENGTH) {
                Arrays.fill(key, (byte) 0);
                throw new IllegalArgumentException(key.length + " bytes");
            }
            return key;
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(setting, file.toString(), "the file holds " + 2 * LENGTH + " hex digits and nothing else",
                    "make one with `pairspan pki master-key`, and give every key server the same");
        } finally {
            Arrays.fill(text, (byte) 0);
            Arrays.fill(digits, '\0');
        }
    }
}
