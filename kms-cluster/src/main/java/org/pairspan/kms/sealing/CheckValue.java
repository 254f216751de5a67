package org.pairspan.kms.sealing;

import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.pairspan.runtime.config.ConfigurationException;

/** A known value, sealed once for each journal: opens only under the master key the journal was begun with. */
public final class CheckValue {

    private static final String PLACE = "sealing-check";
    private static final int VERSION = 1;
    private static final byte[] KNOWN = "pairspan".getBytes(StandardCharsets.US_ASCII);

    private CheckValue() {
    }

    /**
     * Makes sure that the sealer has this journal's master key.
     *
     * @param setting name of the configuration value the key comes from, for the error
     * @param store   stores a proposed value where none is, and returns the stored one
     * @throws ConfigurationException where it has another
     */
    public static void verify(Sealer sealer, String setting, UnaryOperator<byte[]> store) {
        SealedKey stored = new SealedKey(store.apply(sealer.seal(PLACE, VERSION, KNOWN).bytes()));
        try {
            sealer.open(PLACE, VERSION, stored);
        } catch (SealingException e) {
            throw new ConfigurationException(setting, "(not shown)", "must give the master key this journal was begun with",
                    "use the same key or passphrase file at every key server of this journal", e);
        }
    }
}
