package org.pairspan.kms.unsealing;

import org.pairspan.kms.sealing.Passphrase;

/** What operators type must be long enough. */
final class PassphraseRule {

    private PassphraseRule() {
    }

    /** @throws IllegalArgumentException where it is too short */
    static void require(byte[] passphrase) {
        if (passphrase.length < Passphrase.MIN_LENGTH) {
            throw new IllegalArgumentException("a passphrase has at least " + Passphrase.MIN_LENGTH + " bytes");
        }
    }
}
