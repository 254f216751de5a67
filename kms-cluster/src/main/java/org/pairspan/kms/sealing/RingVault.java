package org.pairspan.kms.sealing;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A journal's sealing ring where it is stored. Every change replaces the whole value at once, so that whoever is interrupted leaves the old
 * ring or the new one. Servers that change it at the same time do not undo each other's change. Blocks; safe for use by several threads.
 */
public final class RingVault {

    private static final int ATTEMPTS = 5;
    private static final int FIRST_KEY = 1;

    private final Store store;
    private final SealingAlgorithm algorithm;
    private final InstantSource clock;
    private final SecureRandom random;

    /** Keeps one value for all servers of a journal. */
    public interface Store {

        /** The value; empty where there is none. */
        Optional<byte[]> read();

        /** Stores a value where there is none. */
        void begin(byte[] value);

        /** @return false where the stored value is not the expected one; nothing has changed then */
        boolean replace(byte[] expected, byte[] value);
    }

    public RingVault(Store store, SealingAlgorithm algorithm, InstantSource clock, SecureRandom random) {
        this.store = store;
        this.algorithm = algorithm;
        this.clock = clock;
        this.random = random;
    }

    /** How the ring is wrapped; empty where the journal has none yet. */
    public Optional<Wrapping> wrapping() {
        return store.read().map(WrappedRing::parse).map(WrappedRing::wrapping);
    }

    /** Makes a new journal's ring, of one random key. Where another server was quicker, that one's ring stays. */
    public void create(MasterKeyProvider provider) {
        create(provider, FIRST_KEY, randomKey());
    }

    /**
     * Makes the ring of a journal that was begun before there were rings: it has the master key itself as key 0, and goes on sealing with
     * it, so that servers which know no rings yet can go on beside this one, until a key is added.
     */
    public void adopt(LocalMasterKey masterKey) {
        create(masterKey, SealingRing.FIRST_JOURNALS_KEY, masterKey.copy());
    }

    private void create(MasterKeyProvider provider, int number, byte[] key) {
        SortedMap<Integer, byte[]> keys = new TreeMap<>();
        keys.put(number, key);
        WrappedRing.Content content = new WrappedRing.Content(keys, number);
        byte[] root = randomKey();
        try {
            store.begin(WrappedRing.wrap(1, clock.instant(), provider, root, content, algorithm, random).bytes());
        } finally {
            content.wipe();
            Arrays.fill(root, (byte) 0);
        }
    }

    /**
     * Fills the ring.
     *
     * @throws SealingException where it is wrapped by another master key, or there is none
     */
    public void open(MasterKeyProvider provider, SealingRing ring) {
        WrappedRing stored = stored();
        byte[] root = stored.root(provider);
        WrappedRing.Content content = stored.content(root);
        ring.fill(root, content.keys(), content.active());
    }

    /** Whether the provider has the master key of the ring as it is wrapped now. */
    public boolean opensBy(MasterKeyProvider provider) {
        try {
            Arrays.fill(stored().root(provider), (byte) 0);
            return true;
        } catch (SealingException e) {
            return false;
        }
    }

    /** Brings keys that other servers added into an open ring. */
    public void refresh(SealingRing ring) {
        byte[] root = ring.root();
        WrappedRing.Content content;
        try {
            content = stored().content(root);
        } catch (SealingException e) {
            Arrays.fill(root, (byte) 0);
            throw e;
        }
        ring.refill(root, content.keys(), content.active());
    }

    /**
     * Wraps an open ring by another master key, after it has been unwrapped once to see that it can be.
     *
     * @return the new wrapping
     */
    public Wrapping rewrap(SealingRing ring, MasterKeyProvider provider) {
        byte[] root = ring.root();
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                WrappedRing old = stored();
                WrappedRing.Content content = old.content(root);
                WrappedRing wrapped;
                try {
                    wrapped = WrappedRing.wrap(old.wrapping().number() + 1, clock.instant(), provider, root, content, algorithm, random);
                } finally {
                    content.wipe();
                }
                requireUnwraps(wrapped, provider, root);
                if (store.replace(old.bytes(), wrapped.bytes())) {
                    return wrapped.wrapping();
                }
            }
            throw new SealingException("other key servers changed the sealing ring at the same time; do it again");
        } finally {
            Arrays.fill(root, (byte) 0);
        }
    }

    private static void requireUnwraps(WrappedRing wrapped, MasterKeyProvider provider, byte[] root) {
        byte[] again = wrapped.root(provider);
        boolean same = MessageDigest.isEqual(again, root);
        Arrays.fill(again, (byte) 0);
        if (!same) {
            throw new SealingException("the new master key does not give back what it wrapped");
        }
    }

    /**
     * Adds a random key to an open ring; it seals from now on.
     *
     * @return its number
     */
    public int addKey(SealingRing ring) {
        byte[] root = ring.root();
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                WrappedRing old = stored();
                WrappedRing.Content content = old.content(root);
                int number = content.keys().lastKey() + 1;
                if (content.keys().size() == WrappedRing.MAX_KEYS) {
                    content.wipe();
                    throw new SealingException("the sealing ring has " + WrappedRing.MAX_KEYS + " keys, and takes no more");
                }
                content.keys().put(number, randomKey());
                WrappedRing longer = old.with(root, new WrappedRing.Content(content.keys(), number), algorithm, random);
                content.wipe();
                if (store.replace(old.bytes(), longer.bytes())) {
                    refresh(ring);
                    return number;
                }
            }
            throw new SealingException("other key servers changed the sealing ring at the same time; do it again");
        } finally {
            Arrays.fill(root, (byte) 0);
        }
    }

    private WrappedRing stored() {
        return WrappedRing.parse(store.read().orElseThrow(() -> new SealingException("the journal has no sealing ring")));
    }

    private byte[] randomKey() {
        byte[] key = new byte[SealingRing.KEY_LENGTH];
        random.nextBytes(key);
        return key;
    }
}
