package org.pairspan.kms.sealing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.pairspan.runtime.config.ConfigurationException;

/** Reads files that hold a secret, and refuses those that others than their owner may touch. */
final class SecretFile {

    private static final int MAX_LENGTH = 4096;
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private SecretFile() {
    }

    /**
     * @param setting name of the configuration value that names the file, for errors
     * @return its content, the caller's to wipe
     */
    static byte[] read(String setting, Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new ConfigurationException(setting, file.toString(), "the file exists", "make it, or correct the path");
            }
            if (Files.getFileStore(file).supportsFileAttributeView("posix")
                    && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw new ConfigurationException(setting, file.toString(), "nobody but its owner may touch the file",
                        "chmod 600 " + file);
            }
            if (Files.size(file) > MAX_LENGTH) {
                throw new ConfigurationException(setting, file.toString(), "the file has at most " + MAX_LENGTH + " bytes",
                        "check that this is the right file");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ConfigurationException(setting, file.toString(), "the file can be read", e.toString(), e);
        }
    }

    /** The same without line ends at its end. */
    static byte[] readLine(String setting, Path file) {
        byte[] text = read(setting, file);
        int length = text.length;
        while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r')) {
            length--;
        }
        byte[] line = Arrays.copyOf(text, length);
        Arrays.fill(text, (byte) 0);
        return line;
    }
}
