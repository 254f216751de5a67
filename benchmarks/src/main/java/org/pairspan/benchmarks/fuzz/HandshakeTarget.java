package org.pairspan.benchmarks.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.Handshake;
import org.pairspan.protocol.handshake.HandshakeParameters;
import org.pairspan.protocol.handshake.KeyExchange;

/** Messages of a key exchange, at both of its ends, in the middle of one: a new one is begun whenever one has ended. */
final class HandshakeTarget implements FuzzTarget {
    private static final TlsCrypto CRYPTO = new BcTlsCrypto();
    private static final int CLIENT = 1;
    private static final int SERVER = 7;
    private static final long TURN_NS = 1_000_000;
    private static final int LIFE = 200;

    private final List<byte[]> samples = new ArrayList<>();
    private Handshake client;
    private Handshake server;
    private long nowNs;
    private int age;

    @Override
    public List<byte[]> samples() {
        begin();
        for (int turn = 0; turn < 10; turn++) {
            List<byte[]> toServer = due(client);
            List<byte[]> toClient = due(server);
            toServer.forEach(message -> give(server, message));
            toClient.forEach(message -> give(client, message));
            samples.addAll(toServer);
            samples.addAll(toClient);
        }
        begin();
        return List.copyOf(samples);
    }

    @Override
    public void feed(UnsafeBuffer input, SplittableRandom random) {
        nowNs += TURN_NS;
        if (++age > LIFE) {
            begin();
        }
        (random.nextBoolean() ? client : server).onMessage(input, 0, input.capacity(), nowNs);
        List<byte[]> toServer = due(client);
        List<byte[]> toClient = due(server);
        if (random.nextInt(4) == 0) {
            toServer.forEach(message -> give(server, message));
            toClient.forEach(message -> give(client, message));
        }
    }

    private void begin() {
        if (client != null) {
            client.close();
            server.close();
        }
        client = end(CLIENT, SERVER);
        server = end(SERVER, CLIENT);
        client.start(1, nowNs);
        age = 0;
    }

    private static Handshake end(int own, int peer) {
        byte[] key = new byte[KeySchedule.PAIR_KEY_LENGTH];
        Arrays.fill(key, (byte) 1);
        return new Handshake(CRYPTO,
            HandshakeParameters.of("site-" + own, own, "site-" + peer, peer, 1, 1, Suite.AES_256_GCM, KeyExchange.X25519),
            KeySchedule.preSharedKey(Suite.AES_256_GCM, key, "site-" + CLIENT, "site-" + SERVER, 1, 1));
    }

    private List<byte[]> due(Handshake end) {
        List<byte[]> messages = new ArrayList<>();
        end.doWork(nowNs, (message, offset, length) -> messages.add(copy(message, offset, length)));
        return messages;
    }

    private void give(Handshake end, byte[] message) {
        end.onMessage(new UnsafeBuffer(message), 0, message.length, nowNs);
    }

    private static byte[] copy(DirectBuffer message, int offset, int length) {
        byte[] bytes = new byte[length];
        message.getBytes(offset, bytes);
        return bytes;
    }
}
