package org.pairspan.kms.sealing;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A sealing ring as the journal keeps it: the ring under a root key, the root key under the master key. One value, replaced as a whole.
 * Numbers are big-endian.
 *
 * <pre>
 *  0        1                 5                   13         14         16
 * +--------+-----------------+-------------------+----------+----------+----------------+
 * | 1      | wrapping number | seconds from 1970 | provider | length P | parameters (P) |
 * +--------+-----------------+-------------------+----------+----------+----------------+
 * | length W (2) | root key, wrapped by the provider (W)                                |  associated: "pairspan root key" 0, all above
 * +-----------+--+-----------+----------------------------------------+-----------------+
 * | algorithm | nonce (12)   | ring, encrypted under the root key     | tag (16)        |  associated: "pairspan sealing ring" 0,
 * +-----------+--------------+----------------------------------------+-----------------+              all above the algorithm
 *
 * The ring before it is encrypted:
 *  0                 4           6
 * +-----------------+-----------+-----------------------------------+
 * | active number   | count (2) | count times: number (4), key (32) |
 * +-----------------+-----------+-----------------------------------+
 * </pre>
 *
 * @param head      from the format to the parameters
 * @param wrapped   the root key, wrapped
 * @param encrypted from the algorithm to the end
 */
record WrappedRing(Wrapping wrapping, byte[] head, byte[] wrapped, byte[] encrypted) {

    /** Most keys a ring has. */
    static final int MAX_KEYS = 1000;

    private static final byte FORMAT = 1;
    private static final String PLACE = "sealing ring";
    private static final byte[] ROOT_PURPOSE = "pairspan root key\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RING_PURPOSE = "pairspan sealing ring\0".getBytes(StandardCharsets.US_ASCII);

    /** What the encrypted part holds. */
    record Content(SortedMap<Integer, byte[]> keys, int active) {

        void wipe() {
            keys.values().forEach(key -> Arrays.fill(key, (byte) 0));
        }
    }

    /** Wraps a ring. What comes in stays the caller's to wipe. */
    static WrappedRing wrap(int number, Instant now, MasterKeyProvider provider, byte[] root, Content content, SealingAlgorithm how,
            SecureRandom random) {
        Wrapping wrapping = new Wrapping(number, Instant.ofEpochSecond(now.getEpochSecond()), provider.kind(), provider.parameters());
        byte[] head = head(wrapping);
        byte[] wrapped = provider.wrap(root, joined(ROOT_PURPOSE, head));
        return new WrappedRing(wrapping, head, wrapped, encrypt(head, wrapped, root, content, how, random));
    }

    /** The same ring with another content, under the same root key and master key. */
    WrappedRing with(byte[] root, Content content, SealingAlgorithm how, SecureRandom random) {
        return new WrappedRing(wrapping, head, wrapped, encrypt(head, wrapped, root, content, how, random));
    }

    /** @throws SealingException where these bytes are no wrapped ring */
    static WrappedRing parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            byte format = in.get();
            if (format != FORMAT) {
                throw new SealingException("the sealing ring has a format this version does not know: " + format);
            }
            int number = in.getInt();
            Instant since = Instant.ofEpochSecond(in.getLong());
            ProviderKind kind = ProviderKind.ofNumber(in.get());
            Wrapping wrapping = new Wrapping(number, since, kind, taken(in, Short.toUnsignedInt(in.getShort())));
            byte[] head = Arrays.copyOf(bytes, in.position());
            byte[] wrapped = taken(in, Short.toUnsignedInt(in.getShort()));
            return new WrappedRing(wrapping, head, wrapped, taken(in, in.remaining()));
        } catch (BufferUnderflowException e) {
            throw new SealingException("the sealing ring is cut short: " + bytes.length + " bytes", e);
        } catch (DateTimeException e) {
            throw new SealingException("the sealing ring was wrapped at no time there is", e);
        }
    }

    byte[] bytes() {
        return joined(head, lengthOf(wrapped), wrapped, encrypted);
    }

    /** The root key, the caller's to wipe. */
    byte[] root(MasterKeyProvider provider) {
        return provider.unwrap(wrapped, joined(ROOT_PURPOSE, head));
    }

    /** What is in the ring, the caller's to wipe. */
    Content content(byte[] root) {
        if (encrypted.length == 0) {
            throw new SealingException("the sealing ring is cut short");
        }
        byte[] clear;
        try {
            clear = AuthenticatedCipher.decrypt(SealingAlgorithm.ofNumber(encrypted[0]), root, PLACE, associated(head, wrapped), encrypted, 1);
        } catch (GeneralSecurityException e) {
            throw new SealingException("the sealing ring does not open under its root key", e);
        }
        ByteBuffer in = ByteBuffer.wrap(clear);
        try {
            int active = in.getInt();
            int count = Short.toUnsignedInt(in.getShort());
            SortedMap<Integer, byte[]> keys = new TreeMap<>();
            for (int i = 0; i < count; i++) {
                keys.put(in.getInt(), taken(in, SealingRing.KEY_LENGTH));
            }
            return new Content(keys, active);
        } catch (BufferUnderflowException e) {
            throw new SealingException("the sealing ring is shorter than it says", e);
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    private static byte[] head(Wrapping wrapping) {
        byte[] parameters = wrapping.parameters();
        return ByteBuffer.allocate(1 + Integer.BYTES + Long.BYTES + 1 + Short.BYTES + parameters.length).put(FORMAT).putInt(wrapping.number())
                .putLong(wrapping.since().getEpochSecond()).put(wrapping.kind().number()).putShort((short) parameters.length)
                .put(parameters).array();
    }

    private static byte[] encrypt(byte[] head, byte[] wrapped, byte[] root, Content content, SealingAlgorithm how, SecureRandom random) {
        ByteBuffer clear = ByteBuffer.allocate(Integer.BYTES + Short.BYTES + content.keys().size() * (Integer.BYTES + SealingRing.KEY_LENGTH));
        clear.putInt(content.active()).putShort((short) content.keys().size());
        content.keys().forEach((number, key) -> clear.putInt(number).put(key));
        byte[] encrypted = new byte[1 + AuthenticatedCipher.NONCE_LENGTH + clear.capacity() + AuthenticatedCipher.TAG_LENGTH];
        encrypted[0] = how.number();
        try {
            AuthenticatedCipher.encrypt(how, root, PLACE, associated(head, wrapped), clear.array(), random, encrypted, 1);
            return encrypted;
        } catch (GeneralSecurityException e) {
            throw new SealingException("the sealing ring cannot be encrypted", e);
        } finally {
            Arrays.fill(clear.array(), (byte) 0);
        }
    }

    private static byte[] associated(byte[] head, byte[] wrapped) {
        return joined(RING_PURPOSE, head, lengthOf(wrapped), wrapped);
    }

    private static byte[] lengthOf(byte[] bytes) {
        return ByteBuffer.allocate(Short.BYTES).putShort((short) bytes.length).array();
    }

    private static byte[] taken(ByteBuffer in, int length) {
        if (in.remaining() < length) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    @Override
    public String toString() {
        return "WrappedRing[" + wrapping + ']';
    }
}
