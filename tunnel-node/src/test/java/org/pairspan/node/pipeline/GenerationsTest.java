package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.wire.DropReason;

/** Generations that follow each other between two real data planes. */
class GenerationsTest extends LoopbackPair {
    @Test
    void aNewGenerationTakesOverWithoutLoss() {
        join(1, SUITE);
        a.send(LoopbackSite.packet(1, 2, 100, 0));
        b.receive();
        for (int generation = 2; generation < 6; generation++) {
            long wanted = generation;
            b.install(a, generation, SUITE);
            a.send(LoopbackSite.packet(1, 2, 100, generation));
            assertArrayEquals(LoopbackSite.packet(1, 2, 100, generation), b.receive());
            a.install(b, generation, SUITE);
            a.send(LoopbackSite.packet(1, 2, 200, generation));
            assertArrayEquals(LoopbackSite.packet(1, 2, 200, generation), b.receive());
            LoopbackSite.await(() -> a.dataPlane.peers().get(0).generation() == wanted
                    && b.dataPlane.peers().get(0).generation() == wanted, "generation " + wanted + " at both ends");
        }
    }

    @Test
    void aNewGenerationThatThePeerDoesNotHaveLeavesTheTunnelAsItIs() {
        join(1, SUITE);
        a.install(b, 2, SUITE);
        for (int i = 0; i < 20; i++) {
            a.send(LoopbackSite.packet(1, 2, 100, i));
            b.receive();
        }
        assertEquals(1, a.dataPlane.peers().get(0).generation());
        LoopbackSite.await(() -> b.demands.contains("number 1"), "b's question about the generation it does not have");
    }

    @Test
    void aWornAssociationIsRenewedInTimeAndStopsAtItsHardLimit() {
        try (LoopbackSite worn = new LoopbackSite(4, LoopbackSite.freePort(), new SaLifetime(400, 1 << 30, Duration.ofDays(1).toNanos()), HELD)) {
            b.install(worn, 1, SUITE);
            worn.install(b, 1, SUITE);
            LoopbackSite.await(() -> {
                worn.send(LoopbackSite.packet(4, 2, 100, 1));
                return worn.demands.contains("renew 2 above 1");
            }, "the question for a successor");
            LoopbackSite.await(() -> {
                worn.send(LoopbackSite.packet(4, 2, 100, 1));
                return worn.dataPlane.drops(DropReason.SA_EXHAUSTED) > 0;
            }, "the hard limit");
        }
    }

    @Test
    void aCandidateThatThePeerNeverTookIsRenewedToo() {
        Duration longest = Duration.ofDays(1);
        try (LoopbackSite worn = new LoopbackSite(4, LoopbackSite.freePort(), new SaLifetime(1 << 30, 1 << 30, longest.toNanos()), HELD)) {
            worn.install(b, 1, SUITE);
            worn.install(b, 2, SUITE);
            worn.clock.leap(longest.minusMinutes(1));
            LoopbackSite.await(() -> worn.demands.contains("renew 2 above 2"), "the question for the candidate's successor");
        }
    }
}
