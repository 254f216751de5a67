package org.pairspan.protocol.handshake;

import java.util.Arrays;
import org.bouncycastle.tls.TlsContext;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.TrafficKeys;

/**
 * The traffic keys that an exchange has given. Whoever holds them owns and destroys them.
 *
 * @param epoch 1 to 127.
 * @param keyExchange that gave them.
 * @param outbound of packets from this end to the other.
 * @param inbound of packets from the other end to this.
 */
public record EpochKeys(int epoch, KeyExchange keyExchange, TrafficKeys outbound, TrafficKeys inbound) {
    static final String EXPORTER_LABEL = "EXPORTER-pairspan-sa";

    /**
     * By the exporter of RFC 8446 section 7.5, while TLS tells of the handshake's end:
     * {@code keys from client to server | keys from server to client}, each {@code AEAD key | ESP salt | SPA key}.
     */
    static EpochKeys export(TlsContext tls, HandshakeParameters parameters, int epoch) {
        int length = KeySchedule.trafficKeyLength(parameters.suite());
        byte[] material = tls.exportKeyingMaterial(EXPORTER_LABEL, parameters.exporterContext(epoch), 2 * length);
        try {
            TrafficKeys fromClient = KeySchedule.trafficKeys(parameters.suite(), material, 0);
            TrafficKeys fromServer = KeySchedule.trafficKeys(parameters.suite(), material, length);
            return new EpochKeys(epoch, parameters.keyExchange(), parameters.isClient() ? fromClient : fromServer,
                parameters.isClient() ? fromServer : fromClient);
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    /** Wipes both. */
    public void destroy() {
        outbound.destroy();
        inbound.destroy();
    }

    @Override
    public String toString() {
        return "keys of epoch " + epoch;
    }
}
