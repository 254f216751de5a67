package org.pairspan.node.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pairspan.node.handshake.KeyEnd.Packet;
import org.pairspan.protocol.association.SaLifetime;

/** Two members exchange keys while the network between them loses, doubles, reorders and holds back; afterwards they talk. */
class KeysThroughABadNetworkTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long STEP_NS = 10 * MS;
    /** The longest pause between two attempts, and some. */
    private static final long HEALED_NS = TimeUnit.SECONDS.toNanos(35);
    private static final long SEEDS = Long.getLong("pairspan.bad-network-seeds", 20);
    private static final long FIRST_SEED = Long.getLong("pairspan.bad-network-seed", 1);

    private final List<KeyEnd> made = new ArrayList<>();
    private long nowNs;

    private KeyEnd end(int number, SaLifetime rekey, Consumer<Packet> network) {
        KeyEnd end = new KeyEnd(number, rekey, network);
        made.add(end);
        return end;
    }

    @AfterEach
    void close() {
        made.forEach(KeyEnd::close);
    }

    /**
     * What the client sends is held back until it has begun another exchange, and arrives then: the server takes the first keys into use
     * just when the client replaces them by the second, which the server never gets.
     */
    @Test
    void keysThatTheClientHasReplacedButTheServerHasTakenComeIntoUse() {
        Deque<Packet> toServer = new ArrayDeque<>();
        Deque<Packet> toClient = new ArrayDeque<>();
        KeyEnd client = end(1, SaLifetime.REKEY, toServer::add);
        KeyEnd server = end(2, SaLifetime.REKEY, toClient::add);
        passUntil(TimeUnit.SECONDS.toNanos(8), client);
        deliver(toServer, server, packet -> true);
        deliver(toClient, client, packet -> true);
        assertEquals(1, client.keys.newestEpoch());
        passUntil(TimeUnit.SECONDS.toNanos(16), client);
        deliver(toServer, server, packet -> packet.isHandshake(1));
        assertEquals(1, server.keys.newestEpoch());
        toClient.clear();
        deliver(toServer, server, packet -> packet.isHandshake(2));
        deliver(toServer, server, packet -> packet.epoch() == 1);
        assertEquals(1, server.keys.epoch());
        deliver(toClient, client, packet -> packet.isHandshake(2) && packet.epoch() == 0);
        assertEquals(0, client.keys.epoch());
        assertEquals(2, client.keys.newestEpoch());
        // Nothing arrives for longer than old keys are kept.
        passUntil(nowNs + TimeUnit.SECONDS.toNanos(40), client, server);
        toServer.clear();
        toClient.clear();
        server.say();
        deliver(toClient, client, packet -> true);
        assertEquals(1, client.heard, () -> client + "; " + server);
        assertEquals(1, client.keys.epoch());
        toServer.clear();
        client.say();
        deliver(toServer, server, packet -> true);
        assertEquals(1, server.heard, () -> client + "; " + server);
        // What only the client has is replaced by keys that both have.
        for (long endNs = nowNs + HEALED_NS; nowNs < endNs; nowNs += STEP_NS) {
            deliver(toServer, server, packet -> true);
            deliver(toClient, client, packet -> true);
        }
        assertTrue(client.keys.epoch() > 2, () -> client + "; " + server);
        assertEquals(client.keys.epoch(), server.keys.epoch());
    }

    /** One of them asks for a generation while the other has no key server: it gets it much later. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aGenerationThatThePeerDoesNotGetStopsNoExchangeAndComesIntoUseInTheEnd(int first) {
        Deque<Packet> toServer = new ArrayDeque<>();
        Deque<Packet> toClient = new ArrayDeque<>();
        SaLifetime often = new SaLifetime(1L << 30, 256L << 30, TimeUnit.SECONDS.toNanos(4));
        KeyEnd client = end(1, often, toServer::add);
        KeyEnd server = end(2, often, toClient::add);
        KeyEnd early = first == 1 ? client : server;
        talk(10, client, toServer, server, toClient);
        assertTrue(client.keys.epoch() > 0, () -> client + "; " + server);
        early.install(KeyEnd.GENERATION + 1);
        talk(60, client, toServer, server, toClient);
        int epoch = client.keys.epoch();
        talk(60, client, toServer, server, toClient);
        assertTrue(client.keys.epoch() > epoch + 5, () -> client + "; " + server);
        assertEquals(KeyEnd.GENERATION, client.keys.generation());
        assertEquals(client.keys.epoch(), server.keys.epoch());
        int heard = client.heard + server.heard;
        (first == 1 ? server : client).install(KeyEnd.GENERATION + 1);
        talk(10, client, toServer, server, toClient);
        assertEquals(KeyEnd.GENERATION + 1, client.keys.generation());
        assertEquals(KeyEnd.GENERATION + 1, server.keys.generation());
        assertTrue(client.keys.epoch() > 0 && client.keys.epoch() == server.keys.epoch(), () -> client + "; " + server);
        assertEquals(heard + 200, client.heard + server.heard, "nothing is lost");
    }

    /** Ten times a second both say something, and everything arrives. */
    private void talk(int seconds, KeyEnd client, Deque<Packet> toServer, KeyEnd server, Deque<Packet> toClient) {
        for (int turn = 0; turn < seconds * 100; turn++) {
            nowNs += STEP_NS;
            if (turn % 10 == 0) {
                client.say();
                server.say();
            }
            deliver(toServer, server, packet -> true);
            deliver(toClient, client, packet -> true);
        }
    }

    private void passUntil(long timeNs, KeyEnd... ends) {
        for (; nowNs < timeNs; nowNs += STEP_NS) {
            for (KeyEnd end : ends) {
                end.turn(nowNs);
            }
        }
    }

    private void deliver(Deque<Packet> packets, KeyEnd to, Predicate<Packet> which) {
        List<Packet> chosen = packets.stream().filter(which).toList();
        packets.removeAll(chosen);
        to.turn(nowNs);
        chosen.forEach(to::take);
        to.turn(nowNs);
    }

    @Test
    void whateverWasLostDoubledReorderedOrHeldBackBothUnderstandEachOtherSoonAfter() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            nowNs = 0;
            new BadNetwork(seed).run();
            close();
            made.clear();
        }
    }

    private record Late(long timeNs, long number, Packet packet) implements Comparable<Late> {
        @Override
        public int compareTo(Late other) {
            return timeNs != other.timeNs ? Long.compare(timeNs, other.timeNs) : Long.compare(number, other.number);
        }
    }

    /** Changes its mood every few seconds, each way for itself. */
    private final class BadNetwork {
        private static final int PHASES = 12;
        private static final SaLifetime OFTEN = new SaLifetime(1L << 30, 256L << 30, TimeUnit.SECONDS.toNanos(4));

        private final long seed;
        private final Random random;
        private final PriorityQueue<Late> underWay = new PriorityQueue<>();
        private final KeyEnd client = end(1, OFTEN, this::carry);
        private final KeyEnd server = end(2, OFTEN, this::carry);
        private final double[] loss = new double[3];
        private final long[] longestNs = new long[3];
        private double doubled;
        private long number;

        BadNetwork(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        void run() {
            for (int phase = 0; phase < PHASES; phase++) {
                for (int from = 1; from <= 2; from++) {
                    loss[from] = random.nextInt(4) == 0 ? 1 : random.nextDouble();
                    longestNs[from] = (long) (Math.pow(10, 1 + 3.5 * random.nextDouble()) * MS);
                }
                doubled = random.nextDouble() / 2;
                pass(TimeUnit.SECONDS.toNanos(1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 10)));
            }
            loss[1] = 0;
            loss[2] = 0;
            longestNs[1] = 2 * STEP_NS;
            longestNs[2] = 2 * STEP_NS;
            pass(HEALED_NS);
            int clientHeard = client.heard;
            int serverHeard = server.heard;
            pass(TimeUnit.SECONDS.toNanos(2));
            assertTrue(client.heard > clientHeard + 15 && server.heard > serverHeard + 15,
                    () -> "seed " + seed + " (-Dpairspan.bad-network-seed): " + client + "; " + server);
        }

        private void pass(long durationNs) {
            for (long endNs = nowNs + durationNs; nowNs < endNs; nowNs += STEP_NS) {
                while (!underWay.isEmpty() && underWay.peek().timeNs <= nowNs) {
                    Packet packet = underWay.poll().packet;
                    (packet.from() == 1 ? server : client).take(packet);
                }
                client.turn(nowNs);
                server.turn(nowNs);
                if (nowNs % (100 * MS) == 0) {
                    client.say();
                    server.say();
                }
            }
        }

        private void carry(Packet packet) {
            int copies = random.nextDouble() < loss[packet.from()] ? 0 : random.nextDouble() < doubled ? 2 : 1;
            for (int i = 0; i < copies; i++) {
                underWay.add(new Late(nowNs + (long) (random.nextDouble() * longestNs[packet.from()]), number++, packet));
            }
        }
    }
}
