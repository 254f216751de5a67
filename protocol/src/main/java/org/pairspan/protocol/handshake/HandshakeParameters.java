package org.pairspan.protocol.handshake;

import java.nio.ByteBuffer;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.crypto.Suite;

/**
 * What both ends of the key exchanges of one generation must agree in; where they do not, no exchange succeeds.
 *
 * @param isClient whether this end is TLS client, which starts: the member with the lower number is.
 * @param clientId of the TLS client.
 * @param serverId of the TLS server.
 * @param keyVersion of the pair key, from 1.
 * @param generation of the security association, from 1.
 * @param suite of the security association; says the TLS suite too.
 * @param keyExchange the only one offered and accepted.
 */
public record HandshakeParameters(boolean isClient, String clientId, String serverId, int keyVersion, long generation, Suite suite,
        KeyExchange keyExchange) {

    /** Parameters of the member with this id and number, with a peer. */
    public static HandshakeParameters of(String ownId, int ownNumber, String peerId, int peerNumber, int keyVersion, long generation,
            Suite suite, KeyExchange keyExchange) {
        boolean isClient = ownNumber < peerNumber;
        return new HandshakeParameters(isClient, isClient ? ownId : peerId, isClient ? peerId : ownId, keyVersion, generation, suite,
            keyExchange);
    }

    /**
     * The identity of the pre-shared key (RFC 8446 section 4.2.11): {@code u32 key version | u64 generation}. It names no member: each
     * end knows the other.
     */
    byte[] pskIdentity() {
        return ByteBuffer.allocate(Integer.BYTES + Long.BYTES).putInt(keyVersion).putLong(generation).array();
    }

    /** Context of the exporter: as the {@code info} of {@link KeySchedule}, and {@code u8 epoch}. */
    byte[] exporterContext(int epoch) {
        byte[] info = KeySchedule.info(suite, clientId, serverId, keyVersion, generation);
        return ByteBuffer.allocate(info.length + 1).put(info).put((byte) epoch).array();
    }
}
