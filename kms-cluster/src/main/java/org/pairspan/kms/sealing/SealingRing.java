package org.pairspan.kms.sealing;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The keys that seal, in memory: random ones with numbers, one of them for what is sealed next, and the root key under which the ring is
 * stored. Empty until it is filled, and again when it has been wiped. Safe for use by several threads.
 */
public final class SealingRing {

    /** Bytes of each key. */
    public static final int KEY_LENGTH = 32;
    /** The key of journals that were begun before there were rings: their master key itself. */
    public static final int FIRST_JOURNALS_KEY = 0;

    private final SortedMap<Integer, byte[]> keys = new TreeMap<>();
    private byte[] root;
    private int active;

    /** A number and a copy of its key, the receiver's to wipe. */
    record NumberedKey(int number, byte[] key) {
    }

    /**
     * Puts these keys in the place of those that are there.
     *
     * @param rootKey null for a ring that is not stored
     * @param newKeys taken over, not copied
     */
    synchronized void fill(byte[] rootKey, SortedMap<Integer, byte[]> newKeys, int newActive) {
        if (!newKeys.containsKey(newActive)) {
            throw new IllegalArgumentException("the ring has no key " + newActive);
        }
        wipe();
        root = rootKey;
        keys.putAll(newKeys);
        active = newActive;
    }

    /** The same, unless the ring has been wiped meanwhile: then it stays empty, and the keys are wiped. */
    synchronized void refill(byte[] rootKey, SortedMap<Integer, byte[]> newKeys, int newActive) {
        if (isOpen()) {
            fill(rootKey, newKeys, newActive);
        } else {
            Arrays.fill(rootKey, (byte) 0);
            newKeys.values().forEach(key -> Arrays.fill(key, (byte) 0));
        }
    }

    /** Takes the keys of another ring, which is empty then. */
    public void take(SealingRing other) {
        synchronized (other) {
            SortedMap<Integer, byte[]> taken = new TreeMap<>(other.keys);
            fill(other.root, taken, other.active);
            other.keys.clear();
            other.root = null;
        }
    }

    /** Overwrites every key. What is sealed stays sealed from now on. */
    public synchronized void wipe() {
        keys.values().forEach(key -> Arrays.fill(key, (byte) 0));
        keys.clear();
        if (root != null) {
            Arrays.fill(root, (byte) 0);
            root = null;
        }
    }

    /** Whether there are keys. */
    public synchronized boolean isOpen() {
        return !keys.isEmpty();
    }

    /** How many keys there are. */
    public synchronized int size() {
        return keys.size();
    }

    /** Number of the key for what is sealed next. */
    public synchronized int active() {
        return active;
    }

    synchronized NumberedKey activeKey() {
        return new NumberedKey(active, key(active));
    }

    /** A copy of a key, the caller's to wipe; null where the ring has none of this number. */
    synchronized byte[] key(int number) {
        requireOpen();
        byte[] key = keys.get(number);
        return key == null ? null : key.clone();
    }

    /** Whether there is a key of this number. */
    public synchronized boolean has(int number) {
        return keys.containsKey(number);
    }

    /** A copy, the caller's to wipe. */
    synchronized byte[] root() {
        requireOpen();
        return root.clone();
    }

    private void requireOpen() {
        if (keys.isEmpty()) {
            throw new SealingException("this key server is sealed");
        }
    }

    @Override
    public String toString() {
        return "SealingRing[" + size() + " keys]";
    }
}
