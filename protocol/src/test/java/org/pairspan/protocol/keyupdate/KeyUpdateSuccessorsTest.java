package org.pairspan.protocol.keyupdate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.keyupdate.KeyUpdate.State;

/** Keys of a generation that has a successor, or needs one. */
class KeyUpdateSuccessorsTest extends KeyUpdateEnds {
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
}
