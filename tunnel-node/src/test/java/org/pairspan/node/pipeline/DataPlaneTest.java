package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.node.bearer.BearerException;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.wire.DropReason;

/** Packets between two real data planes. */
class DataPlaneTest extends LoopbackPair {
    @ParameterizedTest
    @EnumSource(Suite.class)
    void packetsOfEveryLengthArriveAsTheyWere(Suite suite) {
        join(1, suite);
        for (int length : new int[] {0, 1, 64, 1338, 1339, 1400, 1500, 9000, 60_000}) {
            byte[] packet = LoopbackSite.packet(1, 2, length, length);
            a.send(packet);
            assertArrayEquals(packet, b.receive(), "length " + length);
        }
    }

    @Test
    void trafficFlowsBothWaysAtOnce() {
        join(1, SUITE);
        a.send(LoopbackSite.packet(1, 2, 1, 0));
        b.receive();
        b.send(LoopbackSite.packet(2, 1, 1, 0));
        a.receive();
        for (int i = 0; i < 200; i++) {
            a.send(LoopbackSite.packet(1, 2, 1000, i));
            b.send(LoopbackSite.packet(2, 1, 1000, i));
        }
        for (int i = 0; i < 200; i++) {
            assertArrayEquals(LoopbackSite.packet(1, 2, 1000, i), b.receive(), "to b, packet " + i);
            assertArrayEquals(LoopbackSite.packet(2, 1, 1000, i), a.receive(), "to a, packet " + i);
        }
    }

    @Test
    void theReliableClassBringsPacketsOfEveryLengthInTheirOrder() {
        SecurityPolicy reliable = LoopbackSite.everything(TrafficClass.RELIABLE);
        try (LoopbackSite c = new LoopbackSite(3, 3, LoopbackSite.freePort(), SaLifetime.DEFAULT, HELD, reliable);
                LoopbackSite d = new LoopbackSite(4, 4, LoopbackSite.freePort(), SaLifetime.DEFAULT, HELD, reliable)) {
            d.install(c, 1, SUITE);
            c.install(d, 1, SUITE);
            for (int i = 0; i < 300; i++) {
                byte[] packet = LoopbackSite.packet(3, 4, i % 50 == 0 ? 60_000 : i * 13 % 3000, i);
                c.send(packet);
                d.send(LoopbackSite.packet(4, 3, i, i));
                assertArrayEquals(packet, d.receive(), "packet " + i);
                assertArrayEquals(LoopbackSite.packet(4, 3, i, i), c.receive(), "answer " + i);
            }
        }
    }

    @Test
    void aPacketWithoutAKeyIsHeldUntilTheKeyIsThere() {
        byte[] packet = LoopbackSite.packet(1, 2, 100, 1);
        a.send(packet);
        LoopbackSite.await(() -> a.demands.contains("address [10, 2, 0, 1]"), "the question for the key");
        assertTrue(b.receivedNothing());
        join(1, SUITE);
        assertArrayEquals(packet, b.receive());
    }

    @Test
    void aFullHoldQueueDropsAndCounts() {
        for (int i = 0; i < HELD + 5; i++) {
            a.send(LoopbackSite.packet(1, 2, 100, i));
        }
        a.awaitDrops(DropReason.HOLD_QUEUE_FULL, 5);
        assertEquals(5, a.dataPlane.drops(DropReason.HOLD_QUEUE_FULL));
    }

    @Test
    void aPortInUseStopsTheStartAndSaysSo() {
        BearerException refused = assertThrows(BearerException.class,
                () -> new LoopbackSite(5, a.address.getPort(), SaLifetime.DEFAULT, HELD));
        assertTrue(refused.getMessage().contains("bearer.port"), refused::getMessage);
    }
}
