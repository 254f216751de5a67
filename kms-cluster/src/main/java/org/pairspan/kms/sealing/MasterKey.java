package org.pairspan.kms.sealing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.pairspan.runtime.config.ConfigurationException;

/**
 * The key under which all keys of one service are sealed: 32 bytes, the same at every key server. In a file it is written as 64 hex
 * digits and a line feed, readable by its owner alone.
 */
public final class MasterKey {

    /** Bytes. */
    public static final int LENGTH = 32;
    /** Bytes of salt for a passphrase. */
    public static final int SALT_LENGTH = 16;

    /** Argon2id as RFC 9106 section 4 recommends where memory is scarce: 64 MiB, 3 passes; one lane. */
    private static final int ARGON2_MEMORY_KIB = 64 * 1024;
    private static final int ARGON2_PASSES = 3;
    private static final int ARGON2_LANES = 1;
    private static final int MIN_PASSPHRASE_LENGTH = 16;
    private static final int MAX_FILE_LENGTH = 4096;
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

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
        byte[] text = (HexFormat.of().formatHex(key) + '\n').getBytes(StandardCharsets.US_ASCII);
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

    /**
     * Reads a master key.
     *
     * @param setting name of the configuration value that names the file, for errors
     * @return 32 bytes, the caller's to wipe
     */
    public static byte[] read(String setting, Path file) {
        byte[] text = readSecret(setting, file);
        try {
            byte[] key = HexFormat.of().parseHex(new String(text, StandardCharsets.US_ASCII).strip());
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
        }
    }

    /**
     * Derives the master key from a passphrase file by Argon2id. Line ends at the passphrase's end do not count.
     *
     * @param setting name of the configuration value that names the file, for errors
     * @param salt    {@link #SALT_LENGTH} bytes, kept with the journal
     * @return 32 bytes, the caller's to wipe
     */
    public static byte[] fromPassphrase(String setting, Path file, byte[] salt) {
        byte[] text = readSecret(setting, file);
        int length = text.length;
        while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) {
            length--;
        }
        byte[] passphrase = Arrays.copyOf(text, length);
        Arrays.fill(text, (byte) 0);
        try {
            if (length < MIN_PASSPHRASE_LENGTH) {
                throw new ConfigurationException(setting, file.toString(),
                        "a passphrase has at least " + MIN_PASSPHRASE_LENGTH + " bytes; this one has " + length,
                        "choose a longer one, or use a master key file");
            }
            Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
            argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id).withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(ARGON2_MEMORY_KIB).withIterations(ARGON2_PASSES).withParallelism(ARGON2_LANES)
                    .withSalt(salt).build());
            byte[] key = new byte[LENGTH];
            argon2.generateBytes(passphrase, key);
            return key;
        } finally {
            Arrays.fill(passphrase, (byte) 0);
        }
    }

    private static byte[] readSecret(String setting, Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new ConfigurationException(setting, file.toString(), "the file exists", "make it, or correct the path");
            }
            if (Files.getFileStore(file).supportsFileAttributeView("posix")
                    && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw new ConfigurationException(setting, file.toString(), "nobody but its owner may touch the file",
                        "chmod 600 " + file);
            }
            if (Files.size(file) > MAX_FILE_LENGTH) {
                throw new ConfigurationException(setting, file.toString(), "the file has at most " + MAX_FILE_LENGTH + " bytes",
                        "check that this is the right file");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConfigurationException(setting, file.toString(), "the file can be read", e.toString());
        }
    }
}
