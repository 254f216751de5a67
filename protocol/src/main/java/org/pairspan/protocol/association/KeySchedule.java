package org.pairspan.protocol.association;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.pairspan.protocol.crypto.Hkdf;
import org.pairspan.protocol.crypto.Suite;

/**
 * From a pair key to the traffic keys of one direction of one generation, by HKDF (RFC 5869) over the suite's hash:
 *
 * <pre>
 * PRK = HKDF-Extract(salt = "pairspan sa v1", IKM = pair key)
 * OKM = HKDF-Expand(PRK, info, key length + 4 + 16)  =  AEAD key | ESP salt | SPA key
 * info = u16 length | sender id | u16 length | receiver id | u32 key version | u64 generation | u8 suite number
 * </pre>
 *
 * <p>Integers are big-endian, ids UTF-8. Sender and receiver stand in the order of the traffic, so the two directions differ.
 */
public final class KeySchedule {
    /** Bytes of a pair key. */
    public static final int PAIR_KEY_LENGTH = 32;

    private static final byte[] SALT = "pairspan sa v1".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_ID_LENGTH = 0xFFFF;

    private KeySchedule() {
    }

    /**
     * The keys for traffic from sender to receiver. The caller keeps and wipes the pair key, and owns the result.
     *
     * @param pairKey {@link #PAIR_KEY_LENGTH} bytes.
     * @param keyVersion from 1.
     * @param generation from 1.
     */
    public static TrafficKeys derive(Suite suite, byte[] pairKey, String senderId, String receiverId, int keyVersion,
                                     long generation) {
        if (pairKey.length != PAIR_KEY_LENGTH) {
            throw new IllegalArgumentException("a pair key has " + PAIR_KEY_LENGTH + " bytes, not " + pairKey.length);
        }
        if (keyVersion < 1 || generation < 1) {
            throw new IllegalArgumentException("key versions and generations count from 1, not " + keyVersion + " and "
                + generation);
        }
        byte[] info = info(suite, senderId, receiverId, keyVersion, generation);
        int saltFrom = suite.keyLength();
        int spaKeyFrom = saltFrom + TrafficKeys.SALT_LENGTH;
        int length = spaKeyFrom + TrafficKeys.SPA_KEY_LENGTH;
        byte[] pseudorandomKey = Hkdf.extract(suite.hash(), SALT, pairKey);
        byte[] output = Hkdf.expand(suite.hash(), pseudorandomKey, info, length);
        try {
            return new TrafficKeys(Arrays.copyOf(output, saltFrom), Arrays.copyOfRange(output, saltFrom, spaKeyFrom),
                Arrays.copyOfRange(output, spaKeyFrom, length));
        } finally {
            Arrays.fill(pseudorandomKey, (byte) 0);
            Arrays.fill(output, (byte) 0);
        }
    }

    private static byte[] info(Suite suite, String senderId, String receiverId, int keyVersion, long generation) {
        byte[] sender = idBytes(senderId);
        byte[] receiver = idBytes(receiverId);
        return ByteBuffer.allocate(2 * Short.BYTES + sender.length + receiver.length + Integer.BYTES + Long.BYTES + 1)
            .putShort((short) sender.length).put(sender)
            .putShort((short) receiver.length).put(receiver)
            .putInt(keyVersion)
            .putLong(generation)
            .put((byte) suite.wireNumber())
            .array();
    }

    private static byte[] idBytes(String id) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > MAX_ID_LENGTH) {
            throw new IllegalArgumentException("an id has 1 to " + MAX_ID_LENGTH + " bytes, not " + bytes.length);
        }
        return bytes;
    }
}
