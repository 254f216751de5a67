package org.pairspan.kms.unsealing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pairspan.kms.sealing.KeyShare;
import org.pairspan.kms.sealing.ShareSet;

/** Shares that operators gave one after another. Forgotten when the next one does not come in time. Not safe for several threads. */
final class ShareCollection {

    /** Longest wait for the next share. */
    static final Duration PATIENCE = Duration.ofMinutes(15);

    private final InstantSource clock;
    private final List<KeyShare> shares = new ArrayList<>();
    private Instant last = Instant.MIN;

    ShareCollection(InstantSource clock) {
        this.clock = clock;
    }

    /** How many there are. */
    int size() {
        if (!shares.isEmpty() && clock.instant().isAfter(last.plus(PATIENCE))) {
            wipe();
        }
        return shares.size();
    }

    /**
     * Looks whether a share fits to those that are there.
     *
     * @throws IllegalArgumentException where it does not
     */
    void requireFits(KeyShare share) {
        if (size() > 0 && !ShareSet.of(share).equals(ShareSet.of(shares.getFirst()))) {
            throw new IllegalArgumentException("this share is of set " + share.setName() + ", those given before are of set "
                    + shares.getFirst().setName());
        }
        if (shares.stream().anyMatch(given -> given.number() == share.number())) {
            throw new IllegalArgumentException("share " + share.number() + " was given already");
        }
    }

    /** Keeps a share that fits. */
    void add(KeyShare share) {
        shares.add(share);
        last = clock.instant();
    }

    boolean isComplete() {
        return !shares.isEmpty() && shares.size() == shares.getFirst().threshold();
    }

    ShareSet set() {
        return ShareSet.of(shares.getFirst());
    }

    /** The master key of a complete collection, which is empty then; the caller's to wipe. */
    byte[] combine() {
        try {
            return ShareSet.combine(shares);
        } finally {
            wipe();
        }
    }

    /** Forgets all. */
    void wipe() {
        shares.forEach(KeyShare::wipe);
        shares.clear();
    }

    /**
     * Reads shares that stand one after another with a semicolon between them, as many as their threshold.
     *
     * @throws IllegalArgumentException where they are mistyped, or not those of one set, or too few or many
     */
    static ShareCollection of(byte[] typed, InstantSource clock) {
        ShareCollection collection = new ShareCollection(clock);
        int begin = 0;
        for (int end = 0; end <= typed.length; end++) {
            if (end == typed.length || typed[end] == ';') {
                byte[] one = Arrays.copyOfRange(typed, begin, end);
                try {
                    KeyShare share = KeyShare.parse(one);
                    collection.requireFits(share);
                    collection.add(share);
                } catch (IllegalArgumentException e) {
                    collection.wipe();
                    throw e;
                } finally {
                    Arrays.fill(one, (byte) 0);
                }
                begin = end + 1;
            }
        }
        if (!collection.isComplete()) {
            int given = collection.size();
            int needed = collection.set().threshold();
            collection.wipe();
            throw new IllegalArgumentException(given + " shares were given, and " + needed + " are needed");
        }
        return collection;
    }
}
