package org.pairspan.kms.sealing;

import java.nio.file.Path;
import java.util.Arrays;
import org.pairspan.runtime.config.ConfigurationException;

/** The rule for passphrases, and passphrases in files. */
public final class Passphrase {

    /** Shortest one, bytes. */
    public static final int MIN_LENGTH = 16;

    private Passphrase() {
    }

    /**
     * Reads a passphrase. Line ends at its end do not count.
     *
     * @param setting name of the configuration value that names the file, for errors
     * @return the caller's to wipe
     */
    public static byte[] read(String setting, Path file) {
        byte[] passphrase = SecretFile.readLine(setting, file);
        if (passphrase.length < MIN_LENGTH) {
            Arrays.fill(passphrase, (byte) 0);
            throw new ConfigurationException(setting, file.toString(),
                    "a passphrase has at least " + MIN_LENGTH + " bytes; this one has " + passphrase.length,
                    "choose a longer one, or use a master key file");
        }
        return passphrase;
    }
}
