package org.pairspan.protocol.keyupdate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.keyupdate.KeyUpdate.State;
import org.pairspan.protocol.wire.DropReason;

class KeyUpdateTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final SaLifetime LIMITS = new SaLifetime(1000, 1000, TimeUnit.SECONDS.toNanos(10));

    private final Keys keys = new Keys();
    private final Orders orders = new Orders();
    private final List<byte[]> sent = new ArrayList<>();
    private final ControlSink sink = (message, offset, length) -> {
        byte[] copy = new byte[length];
        message.getBytes(offset, copy);
        return sent.add(copy);
    };
    private final KeyUpdate client = new KeyUpdate(true, LIMITS, keys, orders);
    private final KeyUpdate server = new KeyUpdate(false, LIMITS, keys, orders);
    private long nowNs = 5;

    private static final class Keys implements KeyUpdate.Association {
        long generation = 9;
        int epoch;
        long newestGeneration = 9;
        int newestEpoch;
        boolean worn;

        @Override
        public long generation() {
            return generation;
        }

        @Override
        public int epoch() {
            return epoch;
        }

        @Override
        public long newestGeneration() {
            return newestGeneration;
        }

        @Override
        public int newestEpoch() {
            return newestEpoch;
        }

        @Override
        public boolean reached(SaLifetime limits, long nowNs) {
            return worn && limits.equals(LIMITS);
        }

        void use(long ofGeneration, int newEpoch) {
            generation = ofGeneration;
            newestGeneration = ofGeneration;
            epoch = newEpoch;
            newestEpoch = newEpoch;
            worn = false;
        }
    }

    private static final class Orders implements KeyUpdate.Successors {
        final List<String> exchanges = new ArrayList<>();
        final List<Long> renewals = new ArrayList<>();
        boolean full;

        @Override
        public boolean exchange(long generation, int epoch) {
            if (!full) {
                exchanges.add(generation + "/" + epoch);
            }
            return !full;
        }

        @Override
        public void renew(long aboveGeneration) {
            renewals.add(aboveGeneration);
        }
    }

    private void pass(KeyUpdate update, long ns) {
        for (long endNs = nowNs + ns; nowNs < endNs; nowNs += KeyUpdate.INTERVAL_NS) {
            update.doWork(nowNs, sink);
        }
    }

    private DropReason give(KeyUpdate update, byte[] message) {
        return update.onMessage(new UnsafeBuffer(message), 0, message.length, nowNs);
    }

    private static byte[] request(long generation, int epoch) {
        UnsafeBuffer message = new UnsafeBuffer(new byte[KeyUpdateRequest.LENGTH]);
        KeyUpdateRequest.write(message, epoch, generation);
        return message.byteArray();
    }

    @Test
    void bootstrapKeysAreReplacedAtOnce() {
        client.doWork(nowNs, sink);
        assertEquals(List.of("9/1"), orders.exchanges);
        assertEquals(State.EXCHANGING, client.state());
        keys.newestEpoch = 1;
        pass(client, 1000 * MS);
        assertEquals(1, orders.exchanges.size(), "not again while the peer's first packet is awaited");
        keys.use(9, 1);
        pass(client, 1000 * MS);
        assertEquals(State.SETTLED, client.state());
        assertEquals(1, orders.exchanges.size());
        assertTrue(sent.isEmpty());
    }

    @Test
    void wornKeysAreReplacedButNotTooOften() {
        keys.use(9, 1);
        pass(client, 100 * MS);
        assertTrue(orders.exchanges.isEmpty());
        keys.worn = true;
        pass(client, 1000 * MS);
        assertEquals(List.of("9/2"), orders.exchanges);
        for (int epoch = 2; epoch < 12; epoch++) {
            keys.use(9, epoch);
            keys.worn = true;
            pass(client, 100 * MS);
        }
        assertTrue(orders.exchanges.size() <= 4, orders.exchanges::toString);
    }

    @Test
    void anAttemptThatFailsIsRepeatedAfterGrowingPauses() {
        List<Long> starts = new ArrayList<>();
        long endNs = nowNs + TimeUnit.MINUTES.toNanos(3);
        for (; nowNs < endNs; nowNs += KeyUpdate.INTERVAL_NS) {
            int before = orders.exchanges.size();
            client.doWork(nowNs, sink);
            if (orders.exchanges.size() > before) {
                starts.add(nowNs);
                client.onFailed(9, 1, nowNs);
            }
        }
        assertEquals(State.WAITING, client.state());
        assertTrue(starts.size() >= 8 && starts.size() <= 14, starts.size() + " attempts in three minutes");
        assertTrue(starts.get(1) - starts.get(0) < 600 * MS);
        long last = starts.getLast() - starts.get(starts.size() - 2);
        assertTrue(last <= KeyUpdate.LONGEST_PAUSE_NS + KeyUpdate.INTERVAL_NS, last + " ns");
    }

    @Test
    void anExchangeThatIsNeverHeardOfAgainIsRepeatedForTheNextEpoch() {
        client.doWork(nowNs, sink);
        keys.newestEpoch = 1;
        pass(client, KeyUpdate.PATIENCE_NS + 1000 * MS);
        assertEquals(List.of("9/1", "9/2"), orders.exchanges);
    }

    @Test
    void keysThatComeIntoUseAlthoughNewerOnesAreThereAreReplacedWhereThoseAreNotUsedInTime() {
        client.doWork(nowNs, sink);
        keys.newestEpoch = 1;
        pass(client, KeyUpdate.PATIENCE_NS + 1000 * MS);
        assertEquals(List.of("9/1", "9/2"), orders.exchanges);
        keys.newestEpoch = 2;
        keys.epoch = 1;
        pass(client, 5000 * MS);
        assertEquals(State.EXCHANGING, client.state(), "the peer may be about to use what it was sent last");
        assertEquals(2, orders.exchanges.size());
        pass(client, KeyUpdate.PATIENCE_NS);
        assertEquals(List.of("9/1", "9/2", "9/3"), orders.exchanges);
        keys.use(9, 3);
        pass(client, 5000 * MS);
        assertEquals(State.SETTLED, client.state());
        assertEquals(3, orders.exchanges.size());
    }

    @Test
    void anOrderThatFindsNoRoomIsGivenAgain() {
        orders.full = true;
        pass(client, 50 * MS);
        assertEquals(State.WAITING, client.state());
        orders.full = false;
        pass(client, 20 * MS);
        assertEquals(List.of("9/1"), orders.exchanges);
    }

    @Test
    void theServerLeavesItsClientTimeAndThenAsks() {
        pass(server, 400 * MS);
        assertTrue(sent.isEmpty());
        pass(server, 300 * MS);
        assertEquals(1, sent.size());
        assertEquals(State.REQUESTING, server.state());
        assertTrue(orders.exchanges.isEmpty());
        pass(server, TimeUnit.MINUTES.toNanos(5));
        assertTrue(sent.size() < 20, sent.size() + " requests");
    }

    @Test
    void aRequestMakesTheClientExchange() {
        keys.use(9, 4);
        pass(client, 1000 * MS);
        assertNull(give(client, request(9, 4)));
        pass(client, 1000 * MS);
        assertEquals(List.of("9/5"), orders.exchanges);
        keys.use(9, 5);
        pass(client, 1000 * MS);
        assertEquals(1, orders.exchanges.size(), "one request is one exchange");
    }

    @Test
    void requestsForOtherKeysThanThoseInUseAreFulfilledAlready() {
        keys.use(9, 4);
        pass(client, 1000 * MS);
        assertNull(give(client, request(9, 3)));
        assertNull(give(client, request(8, 4)));
        assertNull(give(client, request(10, 0)));
        keys.newestEpoch = 5;
        assertNull(give(client, request(9, 4)), "its successor is there");
        pass(client, 1000 * MS);
        assertTrue(orders.exchanges.isEmpty());
    }

    @Test
    void triggersAtBothEndsAtOnceMakeOneExchange() {
        keys.use(9, 4);
        pass(client, 1000 * MS);
        keys.worn = true;
        pass(client, 20 * MS);
        give(client, request(9, 4));
        pass(client, 1000 * MS);
        keys.use(9, 5);
        pass(client, 2000 * MS);
        assertEquals(List.of("9/5"), orders.exchanges);
    }

    @Test
    void aGenerationWithoutEpochsIsFollowedByAnother() {
        keys.use(9, 127);
        pass(client, 1000 * MS);
        keys.worn = true;
        pass(client, 300 * MS);
        assertEquals(List.of(9L), orders.renewals);
        assertEquals(State.RENEWING, client.state());
        pass(client, TimeUnit.MINUTES.toNanos(1));
        assertTrue(orders.renewals.size() < 10, orders.renewals::toString);
        assertTrue(orders.exchanges.isEmpty());
        keys.use(10, 0);
        pass(client, 20 * MS);
        assertEquals(List.of("10/1"), orders.exchanges);
    }

    @Test
    void nothingIsBegunInAGenerationThatHasASuccessor() {
        keys.newestGeneration = 10;
        pass(client, 10_000 * MS);
        pass(server, 10_000 * MS);
        assertTrue(orders.exchanges.isEmpty());
        assertTrue(sent.isEmpty());
    }

    @Test
    void inAGenerationWhoseSuccessorThePeerNeverUsesKeysAreExchangedAllTheSame() {
        keys.use(9, 4);
        pass(client, 1000 * MS);
        keys.newestGeneration = 10;
        keys.newestEpoch = 0;
        keys.worn = true;
        pass(client, KeyUpdate.SUCCESSOR_PATIENCE_NS - 1000 * MS);
        assertTrue(orders.exchanges.isEmpty());
        pass(client, 2000 * MS);
        assertEquals(List.of("9/5"), orders.exchanges);
    }

    @Test
    void theServersRequestCountsThoughItsClientHasASuccessorThatItDoesNotUse() {
        keys.use(9, 4);
        keys.newestGeneration = 10;
        keys.newestEpoch = 0;
        pass(client, KeyUpdate.SUCCESSOR_PATIENCE_NS + 1000 * MS);
        assertTrue(orders.exchanges.isEmpty(), "not worn");
        assertNull(give(client, request(9, 4)));
        pass(client, 1000 * MS);
        assertEquals(List.of("9/5"), orders.exchanges);
    }

    @Test
    void aFailureOfAnOldExchangeMeansNothing() {
        client.doWork(nowNs, sink);
        client.onFailed(8, 1, nowNs);
        assertEquals(State.EXCHANGING, client.state());
        keys.use(9, 1);
        pass(client, 20 * MS);
        client.onFailed(9, 1, nowNs);
        assertEquals(State.SETTLED, client.state());
    }

    @Test
    void aClockThatJumpsStopsNothing() {
        keys.use(9, 4);
        pass(client, 1000 * MS);
        keys.worn = true;
        nowNs -= TimeUnit.DAYS.toNanos(400);
        pass(client, 100 * MS);
        assertEquals(List.of("9/5"), orders.exchanges);
        nowNs += TimeUnit.DAYS.toNanos(1000);
        pass(client, 1000 * MS);
        assertEquals(2, orders.exchanges.size(), "what was under way before the sleep is begun again");
    }

    @Test
    void malformedRequestsAreRefused() {
        Random random = new Random(21);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            assertEquals(DropReason.CONTROL_MALFORMED, give(client, bytes), "seed 21, message " + i);
        }
        byte[] epoch = request(9, 0);
        epoch[1] = (byte) 128;
        assertEquals(DropReason.CONTROL_MALFORMED, give(client, epoch));
        assertEquals(DropReason.CONTROL_MALFORMED, give(server, request(9, 0)), "nobody asks the server");
        pass(client, 10 * MS);
        assertFalse(orders.exchanges.isEmpty());
    }

    @Test
    void aRequestHasTheseBytes() {
        keys.use(0x0102_0304_0506_0708L, 5);
        pass(server, 1000 * MS);
        keys.worn = true;
        pass(server, 20 * MS);
        assertEquals("080500000102030405060708", HexFormat.of().formatHex(sent.getFirst()));
    }
}
