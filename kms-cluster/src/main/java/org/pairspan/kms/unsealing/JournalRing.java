package org.pairspan.kms.unsealing;

import java.util.Optional;
import org.pairspan.kms.journal.Journal;
import org.pairspan.kms.sealing.RingVault;

/** Keeps the sealing ring among the journal's shared values. */
record JournalRing(Journal journal) implements RingVault.Store {

    private static final String NAME = "sealing-ring";

    @Override
    public Optional<byte[]> read() {
        return journal.sharedValue(NAME);
    }

    @Override
    public void begin(byte[] value) {
        journal.sharedValue(NAME, value);
    }

    @Override
    public boolean replace(byte[] expected, byte[] value) {
        return journal.replaceSharedValue(NAME, expected, value);
    }
}
