package org.pairspan.node.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.PreSharedKey;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.EpochKeys;
import org.pairspan.protocol.handshake.HandshakeMessage;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.wire.DropReason;

class HandshakeAgentTest {
    private static final TlsCrypto CRYPTO = new BcTlsCrypto();
    private static final Suite SUITE = Suite.AES_256_GCM;
    private static final String[] IDS = {"none", "site-1", "site-2"};

    private long nowNs = 1;
    private final End client = new End(1, 2);
    private final End server = new End(2, 1);

    /** A node with its agent, and what the agent has said. */
    private final class End implements ExchangeOutcome {
        final int own;
        final int peer;
        final ExchangeOrders orders = new ExchangeOrders();
        final List<String> exported = new ArrayList<>();
        final HandshakeAgent agent = new HandshakeAgent(() -> nowNs, CRYPTO, (peer, suite) -> KeyExchange.X25519, this,
                (grant, keys) -> exported.add(grant.generation() + "/" + keys.epoch()), orders);
        final List<byte[]> sent = new ArrayList<>();
        final List<String> failures = new ArrayList<>();
        EpochKeys keys;
        long keysOf;
        PreSharedKey handshakeKey;

        End(int own, int peer) {
            this.own = own;
            this.peer = peer;
        }

        void install(long generation, byte key) {
            byte[] pairKey = new byte[KeySchedule.PAIR_KEY_LENGTH];
            pairKey[0] = key;
            handshakeKey = KeySchedule.preSharedKey(SUITE, pairKey, IDS[1], IDS[2], 1, generation);
            agent.install(new AssociationGrant(IDS[own], own, IDS[peer], peer, List.of(),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), 1, generation, SUITE, keys(), keys(), handshakeKey));
        }

        private TrafficKeys keys() {
            return KeySchedule.derive(SUITE, new byte[KeySchedule.PAIR_KEY_LENGTH], "a", "b", 1, 1);
        }

        @Override
        public void send(int peerNumber, byte[] message) {
            assertEquals(peer, peerNumber);
            sent.add(message);
        }

        @Override
        public void completed(int peerNumber, long generation, EpochKeys taken) {
            keys = taken;
            keysOf = generation;
        }

        @Override
        public void failed(int peerNumber, long generation, int epoch) {
            failures.add(generation + "/" + epoch);
        }

        void take(byte[] message) {
            assertTrue(orders.message(peer, new UnsafeBuffer(message), 0, message.length));
        }
    }

    private void run() {
        do {
            client.agent.doWork();
            server.agent.doWork();
            List<byte[]> up = List.copyOf(client.sent);
            List<byte[]> down = List.copyOf(server.sent);
            client.sent.clear();
            server.sent.clear();
            up.forEach(server::take);
            down.forEach(client::take);
            if (up.isEmpty() && down.isEmpty()) {
                return;
            }
        } while (true);
    }

    @AfterEach
    void close() {
        client.agent.onClose();
        server.agent.onClose();
    }

    @Test
    void anOrderGivesBothEndsTheKeysOfTheEpoch() {
        client.install(9, (byte) 1);
        server.install(9, (byte) 1);
        assertTrue(client.orders.start(2, 9, 1));
        run();
        assertEquals(9, client.keysOf);
        assertEquals(1, server.keys.epoch());
        assertArrayEquals(client.keys.outbound().aeadKey(), server.keys.inbound().aeadKey());
        assertArrayEquals(client.keys.inbound().aeadKey(), server.keys.outbound().aeadKey());
        assertEquals(List.of("9/1"), client.exported);
        assertEquals(List.of("9/1"), server.exported);
        client.orders.start(2, 9, 2);
        run();
        assertEquals(2, server.keys.epoch());
        assertTrue(client.failures.isEmpty());
    }

    @Test
    void anOrderThatCannotBeDoneFailsAtOnce() {
        client.install(9, (byte) 1);
        server.install(9, (byte) 1);
        client.orders.start(2, 8, 1);
        server.orders.start(1, 9, 1);
        run();
        assertEquals(List.of("8/1"), client.failures);
        assertEquals(List.of("9/1"), server.failures);
        client.orders.start(7, 9, 1);
        client.agent.doWork();
        assertEquals(1, client.agent.drops().get(DropReason.HANDSHAKE_STALE), "a peer that is not there");
    }

    @Test
    void anOrderForAnEpochWhoseKeysWereLostGivesTheNext() {
        client.install(9, (byte) 1);
        server.install(9, (byte) 1);
        client.orders.start(2, 9, 1);
        run();
        client.orders.start(2, 9, 1);
        run();
        assertEquals(2, client.keys.epoch());
        assertEquals(2, server.keys.epoch());
        assertTrue(client.failures.isEmpty());
    }

    @Test
    void endsWithoutTheSameKeyFailAndSaySo() {
        client.install(9, (byte) 1);
        server.install(9, (byte) 2);
        client.orders.start(2, 9, 1);
        run();
        assertEquals(List.of("9/1"), client.failures);
        assertEquals(List.of("9/1"), server.failures);
        assertNull(client.keys);
        assertNull(server.keys);
    }

    @Test
    void anAttemptIntoTheVoidFailsInTime() {
        client.install(9, (byte) 1);
        client.orders.start(2, 9, 1);
        for (int i = 0; i < 2_000 && client.failures.isEmpty(); i++) {
            client.agent.doWork();
            nowNs += 10_000_000;
        }
        assertEquals(List.of("9/1"), client.failures);
        assertTrue(client.sent.size() < 20, client.sent.size() + " messages");
    }

    @Test
    void theGenerationInUseGoesOnUntilTheNewestHasGivenKeysAndItsKeyIsWipedThen() {
        client.install(9, (byte) 1);
        server.install(9, (byte) 1);
        PreSharedKey old = client.handshakeKey;
        client.orders.start(2, 9, 1);
        client.agent.doWork();
        client.install(10, (byte) 1);
        PreSharedKey skipped = client.handshakeKey;
        client.agent.doWork();
        run();
        assertEquals(9, client.keysOf, "the server has no newer one");
        client.install(11, (byte) 1);
        server.install(11, (byte) 1);
        client.agent.doWork();
        assertThrows(IllegalStateException.class, skipped::key, "it was never in use");
        client.orders.start(2, 9, 2);
        run();
        assertEquals(2, client.keys.epoch());
        assertEquals(9, client.keysOf);
        client.orders.start(2, 11, 1);
        run();
        assertEquals(11, client.keysOf);
        assertEquals(11, server.keysOf);
        assertThrows(IllegalStateException.class, old::key);
        client.orders.start(2, 9, 3);
        run();
        assertEquals(List.of("9/3"), client.failures);
    }

    @Test
    void theKeyOfARetiredGenerationIsWipedAtOnce() {
        client.install(9, (byte) 1);
        PreSharedKey old = client.handshakeKey;
        client.orders.start(2, 9, 1);
        client.agent.doWork();
        client.install(10, (byte) 1);
        client.agent.retire(2, 9);
        client.agent.doWork();
        assertNotNull(old.key());
        client.agent.retire(2, 10);
        client.agent.doWork();
        assertThrows(IllegalStateException.class, old::key);
    }

    @Test
    void aPeerThatIsForgottenAndInstalledAnewAtOnceExchangesKeys() {
        client.install(9, (byte) 1);
        PreSharedKey forgotten = client.handshakeKey;
        client.agent.doWork();
        client.agent.forget(2);
        client.install(10, (byte) 1);
        server.install(10, (byte) 1);
        client.orders.start(2, 10, 1);
        run();
        assertThrows(IllegalStateException.class, forgotten::key);
        assertEquals(10, client.keysOf);
        assertEquals(10, server.keysOf);
        assertEquals(0, client.agent.drops().get(DropReason.HANDSHAKE_STALE));
    }

    @Test
    void aPeerCannotMakeUsComputeAllDay() {
        server.install(9, (byte) 1);
        for (int attempt = 1; attempt <= 100; attempt++) {
            UnsafeBuffer message = new UnsafeBuffer(new byte[HandshakeMessage.HEADER_LENGTH + 1]);
            message.putByte(0, (byte) 7);
            message.putByte(2, (byte) 1);
            message.putByte(7, (byte) attempt);
            message.putByte(15, (byte) 9);
            server.take(message.byteArray());
        }
        while (server.agent.doWork() > 0) {
            assertTrue(server.sent.size() < 1000);
        }
        assertEquals(100 - PeerExchange.BURST, server.agent.drops().get(DropReason.HANDSHAKE_FLOOD));
    }

    @Test
    void whatDoesNotFitIsNotTaken() {
        int taken = 0;
        UnsafeBuffer message = new UnsafeBuffer(new byte[HandshakeMessage.MAX_LENGTH]);
        while (server.orders.message(1, message, 0, message.capacity())) {
            taken++;
        }
        assertTrue(taken > 100 && taken < 300, taken + " messages");
        assertFalse(server.orders.start(1, 9, 1));
    }
}
