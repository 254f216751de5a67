package org.pairspan.cli.pki;

import java.nio.file.Path;
import org.pairspan.kms.sealing.TokenSettings;
import picocli.CommandLine.Option;

/** Where a master key lies in a PKCS #11 token. For {@code @Mixin} in a command. */
public final class TokenOption {
    @Option(names = "--pkcs11-library", paramLabel = "FILE", description = "the token's PKCS #11 library, such as /usr/lib/softhsm/libsofthsm2.so")
    private Path library;

    @Option(names = "--slot", paramLabel = "NUMBER", description = "the token's slot (default: the first of the library's list)")
    private Long slot;

    @Option(names = "--key-label", paramLabel = "LABEL", defaultValue = "pairspan-master-key", description = "of the AES key (default: ${DEFAULT-VALUE})")
    private String keyLabel;

    @Option(names = "--pin-file", paramLabel = "FILE", description = "holds the PIN of the token's user, mode 600")
    private Path pinFile;

    /** Whether a token is named. */
    public boolean isGiven() {
        return library != null && pinFile != null;
    }

    /** Whether only one of library and PIN is named. */
    boolean isIncomplete() {
        return library == null != (pinFile == null);
    }

    /** The PKCS #11 library. */
    public Path library() {
        return library;
    }

    /** The slot's number, empty for the first. */
    public String slotText() {
        return slot == null ? "" : slot.toString();
    }

    /** Label of the key. */
    public String keyLabel() {
        return keyLabel;
    }

    /** The file of the PIN. */
    public Path pinFile() {
        return pinFile;
    }

    TokenSettings settings() {
        return new TokenSettings(library, slot, keyLabel, pinFile);
    }
}
