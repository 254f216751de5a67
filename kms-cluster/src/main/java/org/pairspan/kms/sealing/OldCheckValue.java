package org.pairspan.kms.sealing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** A known value that journals begun before there were rings keep under their master key. */
public final class OldCheckValue {

    private static final String PLACE = "sealing-check";
    private static final byte[] ASSOCIATED = (PLACE + "|1").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] KNOWN = "pairspan".getBytes(StandardCharsets.US_ASCII);

    private OldCheckValue() {
    }

    /** @throws SealingException where this is not the master key the journal was begun with */
    public static void requireOpensBy(LocalMasterKey masterKey, byte[] stored) {
        byte[] key = masterKey.copy();
        try {
            if (stored.length == 0 || !Arrays.equals(KNOWN,
                    AuthenticatedCipher.decrypt(SealingAlgorithm.ofNumber(stored[0]), key, PLACE, ASSOCIATED, stored, 1))) {
                throw new SealingException("the journal's check value is another one");
            }
        } catch (GeneralSecurityException e) {
            throw new SealingException("the journal was begun with another master key", e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
