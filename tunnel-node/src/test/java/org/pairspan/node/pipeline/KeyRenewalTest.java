package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.node.observe.PeerTelemetry;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.wire.DropReason;

/** Two real data planes that exchange keys while packets pass between them. */
class KeyRenewalTest {
    private static final int HELD = 16;
    /** Keys are worn out after so few packets that they are always worn: an exchange follows the other. */
    private static final SaLifetime AT_ONCE = new SaLifetime(8, 1 << 30, TimeUnit.DAYS.toNanos(1));

    private LoopbackSite a;
    private LoopbackSite b;

    private void open(SaLifetime rekey, boolean strict, TrafficClass trafficClass) {
        SecurityPolicy policy = LoopbackSite.everything(trafficClass);
        a = new LoopbackSite(1, 1, LoopbackSite.freePort(), SaLifetime.DEFAULT, HELD, policy, rekey, strict);
        b = new LoopbackSite(2, 2, LoopbackSite.freePort(), SaLifetime.DEFAULT, HELD, policy, rekey, strict);
    }

    private void join(long generation, Suite suite) {
        b.install(a, generation, suite);
        a.install(b, generation, suite);
    }

    private static PeerTelemetry peer(LoopbackSite site) {
        return site.dataPlane.peers().getFirst();
    }

    @AfterEach
    void closeSites() {
        a.close();
        b.close();
        assertEquals(0, a.errors.size() + b.errors.size(), () -> "errors: " + a.errors + b.errors);
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void theFirstPacketGoesAtOnceAndKeysAreExchangedSoon(Suite suite) {
        open(SaLifetime.REKEY, false, TrafficClass.DATAGRAM);
        join(1, suite);
        byte[] packet = LoopbackSite.packet(1, 2, 100, 1);
        a.send(packet);
        assertArrayEquals(packet, b.receive());
        for (LoopbackSite site : new LoopbackSite[] {a, b}) {
            LoopbackSite.await(() -> peer(site).epoch() == 1, "the exchange at " + site.id);
            assertEquals(KeyExchange.defaultFor(suite).wireName(), peer(site).keyExchange());
        }
        a.send(packet);
        assertArrayEquals(packet, b.receive());
    }

    @ParameterizedTest
    @EnumSource(TrafficClass.class)
    void whileKeysAreExchangedAgainAndAgainNoPacketIsLostOrDoubled(TrafficClass trafficClass) {
        open(AT_ONCE, false, trafficClass);
        join(1, Suite.AES_256_GCM);
        // While only one of them had the keys, the other asked whose packets came.
        a.demands.clear();
        b.demands.clear();
        for (int i = 0; peer(a).epoch() < 4 || peer(b).epoch() < 4; i++) {
            byte[] there = LoopbackSite.packet(1, 2, i % 1400, i);
            byte[] back = LoopbackSite.packet(2, 1, i % 1300, i);
            a.send(there);
            b.send(back);
            assertArrayEquals(there, b.receive(), "packet " + i);
            assertArrayEquals(back, a.receive(), "answer " + i);
            assertTrue(i < 10_000_000, "no more than " + peer(a).epoch() + " exchanges");
        }
        assertEquals(0, b.dataPlane.drops(DropReason.SPA_TAG) + a.dataPlane.drops(DropReason.SPA_TAG));
        assertTrue(b.demands.isEmpty() && a.demands.isEmpty(), () -> "the key service was asked: " + a.demands + b.demands);
    }

    @Test
    void aNewGenerationInTheMiddleTakesOverAndIsExchangedToo() {
        open(AT_ONCE, false, TrafficClass.DATAGRAM);
        join(1, Suite.SM4_GCM);
        for (int generation = 2; generation <= 4; generation++) {
            for (int i = 0; i < 100; i++) {
                byte[] packet = LoopbackSite.packet(1, 2, 100, i);
                a.send(packet);
                assertArrayEquals(packet, b.receive(), "generation " + generation + ", packet " + i);
                if (i == 50) {
                    join(generation, Suite.SM4_GCM);
                }
            }
            long expected = generation;
            LoopbackSite.await(() -> peer(a).generation() == expected && peer(a).epoch() > 0, "the exchange in generation " + generation);
        }
    }

    @Test
    void whereThePolicyIsStrictPayloadWaitsForTheExchange() {
        open(SaLifetime.REKEY, true, TrafficClass.DATAGRAM);
        byte[] packet = LoopbackSite.packet(1, 2, 100, 1);
        a.send(packet);
        LoopbackSite.await(() -> !a.demands.isEmpty(), "the question for the key");
        a.install(b, 1, Suite.AES_256_GCM);
        assertTrue(b.receivedNothing());
        b.install(a, 1, Suite.AES_256_GCM);
        assertArrayEquals(packet, b.receive());
        assertEquals(1, peer(a).epoch());
        assertEquals(0, b.dataPlane.drops(DropReason.EXCHANGE_OUTSTANDING));
    }
}
