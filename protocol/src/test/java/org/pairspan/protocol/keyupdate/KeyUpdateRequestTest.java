package org.pairspan.protocol.keyupdate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.keyupdate.KeyUpdate.State;
import org.pairspan.protocol.wire.DropReason;

/** What the server asks of its client. */
class KeyUpdateRequestTest extends KeyUpdateEnds {
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
