package org.pairspan.protocol.keyupdate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.keyupdate.KeyUpdate.State;

/** When keys are replaced, and how often that is tried. */
class KeyUpdateTest extends KeyUpdateEnds {
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
    void anOrderThatFindsNoRoomIsGivenAgain() {
        orders.full = true;
        pass(client, 50 * MS);
        assertEquals(State.WAITING, client.state());
        orders.full = false;
        pass(client, 20 * MS);
        assertEquals(List.of("9/1"), orders.exchanges);
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
}
