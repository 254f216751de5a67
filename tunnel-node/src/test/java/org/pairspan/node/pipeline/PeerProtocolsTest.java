package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.heartbeat.LinkReason;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.padding.PaddingMode;
import org.pairspan.protocol.padding.PaddingSettings;
import org.pairspan.protocol.pathmtu.PathMtuState;
import org.pairspan.protocol.session.SessionTelemetry;

/** The protocols of two real data planes with each other, over UDP on loopback. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PeerProtocolsTest {
    private static final int HELD = 16;
    private static final PaddingSettings CONSTANT = new PaddingSettings(PaddingMode.CONSTANT_RATE, 0, TimeUnit.MILLISECONDS.toNanos(2));

    private final List<LoopbackSite> sites = new ArrayList<>();

    private LoopbackSite site(int number, SecurityPolicy policy, PaddingSettings padding) {
        LoopbackSite site = new LoopbackSite(number, number, LoopbackSite.freePort(), SaLifetime.DEFAULT, HELD, policy, SaLifetime.REKEY, true,
                new PeerSettings(false, padding));
        sites.add(site);
        return site;
    }

    private static void join(LoopbackSite a, LoopbackSite b) {
        b.install(a, 1, Suite.AES_256_GCM);
        a.install(b, 1, Suite.AES_256_GCM);
        LoopbackSite.await(() -> shown(a).link().state() == LinkState.UP && shown(b).link().state() == LinkState.UP, "a link");
    }

    private static SessionTelemetry shown(LoopbackSite site) {
        return site.dataPlane.peers().getFirst().session();
    }

    @AfterEach
    void closeSites() {
        sites.forEach(LoopbackSite::close);
        sites.forEach(site -> assertEquals(0, site.errors.size(), () -> "errors: " + site.errors));
    }

    @Test
    void twoNodesFindEachOtherWithoutTrafficAndTheWidthAndLengthOfTheirPath() {
        LoopbackSite a = site(1, LoopbackSite.EVERYTHING, PaddingSettings.OFF);
        LoopbackSite b = site(2, LoopbackSite.EVERYTHING, PaddingSettings.OFF);
        join(a, b);
        LoopbackSite.await(() -> shown(a).pathMtuState() == PathMtuState.SEARCH_COMPLETE, "the path MTU");
        assertEquals(1500, shown(a).pathMtu());
        LoopbackSite.await(() -> shown(a).smoothedRttNs() > 0 && shown(b).smoothedRttNs() > 0, "the round-trip time");
        assertTrue(shown(a).minimumRttNs() < TimeUnit.SECONDS.toNanos(1));
    }

    /** Hosts keep what they are told for ten minutes, and a busy path looks like a narrow one for seconds. */
    @Test
    void aHostIsToldThatItsPacketIsTooBigOnceTheWidthOfThePathIsKnown() {
        LoopbackSite a = site(1, LoopbackSite.EVERYTHING, PaddingSettings.OFF);
        LoopbackSite b = site(2, LoopbackSite.EVERYTHING, PaddingSettings.OFF);
        byte[] whole = LoopbackSite.packet(1, 2, 3000, 1);
        whole[6] = 0x40;
        a.install(b, 1, Suite.AES_256_GCM);
        a.send(whole);
        b.install(a, 1, Suite.AES_256_GCM);
        assertArrayEquals(whole, b.receive(), "goes in pieces");
        assertTrue(a.receivedNothing(), "told of a size that nobody has confirmed");
        LoopbackSite.await(() -> shown(a).pathMtuState() == PathMtuState.SEARCH_COMPLETE, "the path MTU");
        a.send(whole);
        byte[] notice = a.receive();
        assertEquals(3, notice[20], "ICMP: destination unreachable");
        assertEquals(4, notice[21], "ICMP: fragmentation needed");
    }

    @Test
    void aNodeThatStopsIsDownAtItsPeerLongBeforeItsSilenceIsNoticed() {
        LoopbackSite a = site(1, LoopbackSite.EVERYTHING, PaddingSettings.OFF);
        LoopbackSite b = site(2, LoopbackSite.EVERYTHING, PaddingSettings.OFF);
        join(a, b);
        a.dataPlane.close();
        LoopbackSite.await(() -> shown(b).link().state() == LinkState.DOWN, "the end of the link");
        assertEquals(LinkReason.PEER_CLOSING, shown(b).link().reason());
        assertTrue(shown(b).alertsReceived(AlertCode.CLOSE_NOTIFY) > 0);
    }

    @Test
    void aNodeThatIsGoneWithoutAWordIsDownWithinFourSeconds() {
        LoopbackSite a = site(1, LoopbackSite.EVERYTHING, PaddingSettings.OFF);
        LoopbackSite b = site(2, LoopbackSite.EVERYTHING, PaddingSettings.OFF);
        b.install(a, 1, Suite.AES_256_GCM);
        for (int seconds = 1; shown(b).link().state() != LinkState.DOWN; seconds++) {
            long sent = shown(b).heartbeatsSent();
            assertTrue(seconds <= 4, "not down yet after four seconds");
            b.clock.leap(Duration.ofSeconds(1));
            LoopbackSite.await(() -> shown(b).heartbeatsSent() > sent || shown(b).link().state() == LinkState.DOWN, "a heartbeat, or the end");
        }
        assertEquals(LinkReason.SILENCE, shown(b).link().reason());
        assertEquals(3, shown(b).heartbeatsSent(), 1);
    }

    @Test
    void aPeerWhosePacketsThePolicyRefusesIsTold() {
        LoopbackSite a = site(1, LoopbackSite.EVERYTHING, PaddingSettings.OFF);
        LoopbackSite b = site(2, new SecurityPolicy(List.of()), PaddingSettings.OFF);
        join(a, b);
        a.send(LoopbackSite.packet(1, 2, 100, 1));
        LoopbackSite.await(() -> shown(a).alertsReceived(AlertCode.ACCESS_DENIED) > 0, "an alert");
        assertEquals(AlertCode.ACCESS_DENIED, shown(a).lastAlert().code());
        assertTrue(b.receivedNothing());
    }

    @ParameterizedTest
    @EnumSource(TrafficClass.class)
    void atAConstantRatePacketsOfBothClassesArriveAndDummiesFillTheRest(TrafficClass trafficClass) {
        LoopbackSite a = site(1, LoopbackSite.everything(trafficClass), CONSTANT);
        LoopbackSite b = site(2, LoopbackSite.everything(trafficClass), CONSTANT);
        join(a, b);
        for (int length : new int[] {1, 100, 1400, 5000}) {
            byte[] packet = LoopbackSite.packet(1, 2, length, length);
            a.send(packet);
            assertArrayEquals(packet, b.receive(), "length " + length);
        }
        LoopbackSite.await(() -> shown(a).dummies() > 100 && shown(b).dummies() > 100, "dummies");
        assertTrue(shown(a).paddingBytes() > 100 * 1000L);
    }

    @ParameterizedTest
    @EnumSource(value = PaddingMode.class, names = {"MULTIPLE", "FULL"})
    void paddedPacketsArriveAsTheyWere(PaddingMode mode) {
        PaddingSettings padding = new PaddingSettings(mode, 256, 0);
        LoopbackSite a = site(1, LoopbackSite.EVERYTHING, padding);
        LoopbackSite b = site(2, LoopbackSite.EVERYTHING, padding);
        join(a, b);
        for (int length : new int[] {0, 1, 255, 256, 1338, 1400, 9000, 60_000}) {
            byte[] packet = LoopbackSite.packet(1, 2, length, length);
            a.send(packet);
            assertArrayEquals(packet, b.receive(), "length " + length);
        }
        assertTrue(shown(a).paddingBytes() > 0);
        assertEquals(0, shown(a).dummies());
    }
}
