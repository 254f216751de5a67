package org.pairspan.protocol.handshake;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.PreSharedKey;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.wire.DropReason;

/** Two ends of a key exchange and the messages between them. */
final class Ends {
    static final TlsCrypto CRYPTO = new BcTlsCrypto();

    final Handshake client;
    final Handshake server;
    final List<byte[]> toServer = new ArrayList<>();
    final List<byte[]> toClient = new ArrayList<>();

    Ends(Handshake client, Handshake server) {
        this.client = client;
        this.server = server;
    }

    static Ends of(Suite suite, KeyExchange exchange) {
        return new Ends(client(suite, exchange), server(suite, exchange));
    }

    static Handshake client(Suite suite, KeyExchange exchange) {
        return end(1, 7, suite, exchange, (byte) 1, 3, 9);
    }

    static Handshake server(Suite suite, KeyExchange exchange) {
        return end(7, 1, suite, exchange, (byte) 1, 3, 9);
    }

    /** An end at the member with this number; members 1 and 7 are the pair. */
    static Handshake end(int own, int peer, Suite suite, KeyExchange exchange, byte pairKey, int version, long generation) {
        byte[] key = new byte[KeySchedule.PAIR_KEY_LENGTH];
        Arrays.fill(key, pairKey);
        PreSharedKey psk = KeySchedule.preSharedKey(suite, key, "site-1", "site-7", version, generation);
        return new Handshake(CRYPTO, HandshakeParameters.of("site-" + own, own, "site-" + peer, peer, version, generation, suite, exchange),
            psk);
    }

    /** Lets both ends send what is due. */
    void send(long nowNs) {
        client.doWork(nowNs, (message, offset, length) -> toServer.add(copy(message, offset, length)));
        server.doWork(nowNs, (message, offset, length) -> toClient.add(copy(message, offset, length)));
    }

    /** Lets the messages arrive, in order. */
    void deliver(long nowNs) {
        List<byte[]> up = List.copyOf(toServer);
        List<byte[]> down = List.copyOf(toClient);
        toServer.clear();
        toClient.clear();
        up.forEach(message -> give(server, message, nowNs));
        down.forEach(message -> give(client, message, nowNs));
    }

    static DropReason give(Handshake end, byte[] message, long nowNs) {
        return end.onMessage(new UnsafeBuffer(message), 0, message.length, nowNs);
    }

    /** Runs without loss until nothing is said any more. */
    void run(long nowNs) {
        do {
            send(nowNs);
            deliver(nowNs);
            send(nowNs);
        } while (!toServer.isEmpty() || !toClient.isEmpty());
    }

    static byte[] copy(DirectBuffer message, int offset, int length) {
        byte[] bytes = new byte[length];
        message.getBytes(offset, bytes);
        return bytes;
    }

    static boolean agree(EpochKeys one, EpochKeys other) {
        return one.epoch() == other.epoch()
            && same(one.outbound(), other.inbound()) && same(one.inbound(), other.outbound());
    }

    static boolean same(TrafficKeys one, TrafficKeys other) {
        return Arrays.equals(one.aeadKey(), other.aeadKey()) && Arrays.equals(one.salt(), other.salt())
            && Arrays.equals(one.spaKey(), other.spaKey());
    }
}
