package org.pairspan.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.Handshake.State;
import org.pairspan.protocol.wire.DropReason;

/** Handshakes over a line that loses, doubles, delays, reorders, truncates and repeats: the end is always agreement or a clean failure. */
class HandshakeScheduleTest {
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int RUNS = 150;

    private record Late(byte[] message, long atNs) {
    }

    /** One way of a bad line. */
    private static final class Line {
        private final Random random;
        private final double loss;
        private final List<Late> onTheWay = new ArrayList<>();
        private final List<byte[]> recorded = new ArrayList<>();

        Line(Random random, double loss) {
            this.random = random;
            this.loss = loss;
        }

        void send(byte[] message, long nowNs) {
            recorded.add(message);
            for (int copies = random.nextInt(10) == 0 ? 2 : 1; copies > 0; copies--) {
                if (random.nextDouble() >= loss) {
                    onTheWay.add(new Late(message, nowNs + random.nextInt(20) * TICK_NS));
                }
            }
            if (random.nextInt(10) == 0) {
                onTheWay.add(new Late(recorded.get(random.nextInt(recorded.size())), nowNs));
            }
        }

        void deliver(Handshake end, long nowNs) {
            List<Late> due = new ArrayList<>();
            for (Iterator<Late> i = onTheWay.iterator(); i.hasNext();) {
                Late late = i.next();
                if (nowNs - late.atNs() >= 0) {
                    due.add(late);
                    i.remove();
                }
            }
            due.forEach(late -> Ends.give(end, late.message(), nowNs));
        }
    }

    @Test
    void theEndIsAgreementOrACleanFailure() {
        long seed = new Random().nextLong();
        Random seeds = new Random(seed);
        int agreed = 0;
        for (int run = 0; run < RUNS; run++) {
            long runSeed = seeds.nextLong();
            agreed += agrees(runSeed) ? 1 : 0;
        }
        assertTrue(agreed > RUNS / 2, agreed + " of " + RUNS + " agreed, seed " + seed);
    }

    private static boolean agrees(long seed) {
        Random random = new Random(seed);
        String seedText = "seed " + seed;
        Suite suite = Suite.values()[random.nextInt(Suite.values().length)];
        Ends ends = Ends.of(suite, KeyExchange.values()[random.nextInt(KeyExchange.values().length)]);
        double loss = random.nextInt(5) * 0.15;
        Line up = new Line(random, loss);
        Line down = new Line(random, loss);
        long nowNs = random.nextLong();
        long endNs = nowNs + 3 * Handshake.PATIENCE_NS;
        int sent = 0;
        ends.client.start(1, nowNs);
        int restarts = random.nextInt(3);
        for (; endNs - nowNs > 0; nowNs += TICK_NS) {
            if (restarts > 0 && random.nextInt(50) == 0 && ends.client.state() == State.FLIGHTS) {
                ends.client.start(1, nowNs);
                restarts--;
            }
            ends.send(nowNs);
            sent += ends.toServer.size() + ends.toClient.size();
            for (byte[] message : ends.toServer) {
                up.send(message, nowNs);
            }
            for (byte[] message : ends.toClient) {
                down.send(message, nowNs);
            }
            ends.toServer.clear();
            ends.toClient.clear();
            up.deliver(ends.server, nowNs);
            down.deliver(ends.client, nowNs);
        }
        assertTrue(sent < 1000, sent + " messages, " + seedText);
        assertNotEquals(State.FLIGHTS, ends.client.state(), seedText);
        assertNotEquals(State.FLIGHTS, ends.server.state(), seedText);
        EpochKeys client = ends.client.takeKeys();
        EpochKeys server = ends.server.takeKeys();
        if (server != null) {
            assertNotNull(client, "a server never has keys that its client lacks, " + seedText);
            assertTrue(Ends.agree(client, server), seedText);
        }
        return server != null;
    }

    @Test
    void halfMessagesAndChangedOnesNeverGiveDifferentKeys() {
        for (int run = 0; run < 200; run++) {
            long seed = 7000 + run;
            Random random = new Random(seed);
            Ends ends = Ends.of(Suite.AES_256_GCM, KeyExchange.X25519);
            long nowNs = 0;
            ends.client.start(1, nowNs);
            for (int turn = 0; turn < 6; turn++) {
                ends.send(nowNs);
                spoil(ends.toServer, random);
                spoil(ends.toClient, random);
                ends.deliver(nowNs);
            }
            EpochKeys client = ends.client.takeKeys();
            EpochKeys server = ends.server.takeKeys();
            if (client != null && server != null) {
                assertTrue(Ends.agree(client, server), "seed " + seed);
            }
        }
    }

    private static void spoil(List<byte[]> messages, Random random) {
        for (int i = 0; i < messages.size(); i++) {
            byte[] message = messages.get(i);
            if (random.nextInt(3) > 0) {
                continue;
            }
            if (random.nextBoolean()) {
                messages.set(i, Arrays.copyOf(message, random.nextInt(message.length + 1)));
            } else {
                message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
            }
        }
    }

    @Test
    void everyBitOfAServersFlightCounts() {
        Ends ends = Ends.of(Suite.SM4_GCM, KeyExchange.CURVE_SM2);
        ends.client.start(1, 0);
        ends.send(0);
        ends.deliver(0);
        ends.send(0);
        byte[] flight = ends.toClient.getFirst();
        for (int at = HandshakeMessage.HEADER_LENGTH; at < flight.length; at += 7) {
            byte[] changed = flight.clone();
            changed[at] ^= 1;
            Ends copy = Ends.of(Suite.SM4_GCM, KeyExchange.CURVE_SM2);
            copy.client.start(1, 0);
            Ends.give(copy.client, changed, 0);
            assertNull(copy.client.takeKeys(), "byte " + at);
        }
    }

    @Test
    void aMessageThatAcknowledgesWhatWasNeverSaidIsRefused() {
        Ends ends = Ends.of(Suite.AES_256_GCM, KeyExchange.X25519);
        ends.client.start(1, 0);
        ends.send(0);
        byte[] lie = new byte[HandshakeMessage.HEADER_LENGTH];
        System.arraycopy(ends.toServer.getFirst(), 0, lie, 0, lie.length);
        lie[16] = 0;
        lie[17] = 0;
        lie[18] = 0x20;
        assertEquals(DropReason.CONTROL_MALFORMED, Ends.give(ends.client, lie, 0));
        assertEquals(State.FLIGHTS, ends.client.state());
        ends.run(0);
        assertEquals(State.DONE, ends.client.state());
    }
}
