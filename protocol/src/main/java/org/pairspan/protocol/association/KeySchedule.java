package org.pairspan.protocol.association;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.pairspan.protocol.crypto.Hkdf;
import org.pairspan.protocol.crypto.Suite;

/**
 * From a pair key to what a generation begins with, by HKDF (RFC 5869) over the suite's hash: the bootstrap traffic keys of each
 * direction, and the key by which the two members know each other in the key exchange.
 *
 * <pre>
 * PRK = HKDF-Extract(salt = "pairspan sa v1", IKM = pair key)
 * OKM = HKDF-Expand(PRK, info, key length + 4 + 16)  =  AEAD key | ESP salt | SPA key
 *
 * PRK = HKDF-Extract(salt = "pairspan handshake v1", IKM = pair key)
 * PSK = HKDF-Expand(PRK, info, 32)
 *
 * info = u16 length | first id | u16 length | second id | u32 key version | u64 generation | u8 suite number
 * </pre>
 *
 * <p>Integers are big-endian, ids UTF-8. For traffic keys the first id is the sender's and the second the receiver's, so the two
 * directions differ; for the PSK they are those of TLS client and TLS server.
 */
public final class KeySchedule {
    /** Bytes of a pair key. */
    public static final int PAIR_KEY_LENGTH = 32;

    private static final byte[] TRAFFIC_SALT = "pairspan sa v1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HANDSHAKE_SALT = "pairspan handshake v1".getBytes(StandardCharsets.US_ASCII);
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
        byte[] output = derive(suite, TRAFFIC_SALT, pairKey, info(suite, senderId, receiverId, keyVersion, generation),
            trafficKeyLength(suite));
        try {
            return trafficKeys(suite, output, 0);
        } finally {
            Arrays.fill(output, (byte) 0);
        }
    }

    /**
     * The key by which client and server of a key exchange know each other. The caller keeps and wipes the pair key, and owns the result.
     *
     * @param pairKey {@link #PAIR_KEY_LENGTH} bytes.
     * @param clientId of the member that is TLS client.
     * @param serverId of the member that is TLS server.
     * @param keyVersion from 1.
     * @param generation from 1.
     */
    public static PreSharedKey preSharedKey(Suite suite, byte[] pairKey, String clientId, String serverId, int keyVersion,
                                            long generation) {
        return new PreSharedKey(derive(suite, HANDSHAKE_SALT, pairKey, info(suite, clientId, serverId, keyVersion, generation),
            PreSharedKey.LENGTH));
    }

    /** Bytes of keying material that one direction takes: AEAD key, ESP salt and SPA key. */
    public static int trafficKeyLength(Suite suite) {
        return suite.keyLength() + TrafficKeys.SALT_LENGTH + TrafficKeys.SPA_KEY_LENGTH;
    }

    /** Cuts keying material, of {@link #trafficKeyLength} bytes from here on, into the keys of one direction. The caller wipes it. */
    public static TrafficKeys trafficKeys(Suite suite, byte[] material, int offset) {
        int saltFrom = offset + suite.keyLength();
        int spaKeyFrom = saltFrom + TrafficKeys.SALT_LENGTH;
        return new TrafficKeys(Arrays.copyOfRange(material, offset, saltFrom), Arrays.copyOfRange(material, saltFrom, spaKeyFrom),
            Arrays.copyOfRange(material, spaKeyFrom, offset + trafficKeyLength(suite)));
    }

    private static byte[] derive(Suite suite, byte[] salt, byte[] pairKey, byte[] info, int length) {
        if (pairKey.length != PAIR_KEY_LENGTH) {
            throw new IllegalArgumentException("a pair key has " + PAIR_KEY_LENGTH + " bytes, not " + pairKey.length);
        }
        byte[] pseudorandomKey = Hkdf.extract(suite.hash(), salt, pairKey);
        try {
            return Hkdf.expand(suite.hash(), pseudorandomKey, info, length);
        } finally {
            Arrays.fill(pseudorandomKey, (byte) 0);
        }
    }

    /**
     * What binds derived keys to their use: the {@code info} above.
     *
     * @throws IllegalArgumentException when an id is empty or too long, or version or generation is below 1.
     */
    public static byte[] info(Suite suite, String firstId, String secondId, int keyVersion, long generation) {
        if (keyVersion < 1 || generation < 1) {
            throw new IllegalArgumentException("key versions and generations count from 1, not " + keyVersion + " and "
                + generation);
        }
        byte[] first = idBytes(firstId);
        byte[] second = idBytes(secondId);
        return ByteBuffer.allocate(2 * Short.BYTES + first.length + second.length + Integer.BYTES + Long.BYTES + 1)
            .putShort((short) first.length).put(first)
            .putShort((short) second.length).put(second)
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
