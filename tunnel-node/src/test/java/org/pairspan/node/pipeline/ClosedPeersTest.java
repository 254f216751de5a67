package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.node.keyring.AssociationChange;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.wire.DropReason;

/** What is left of a peer on a real data plane once all that was shared with it is closed: nothing but sums. */
class ClosedPeersTest {
    private static final int HELD = 16;
    private static final Suite SUITE = Suite.AES_256_GCM;
    private static final byte MARKER = 0;
    private static final long MARKER_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private final List<LoopbackSite> sites = new ArrayList<>();
    /** Whatever belongs to a peer; each is cleared once no table holds it any more. */
    private final List<WeakReference<Object>> traces = new ArrayList<>();

    private LoopbackSite site(int number, SecurityPolicy policy) {
        sites.add(new LoopbackSite(number, number, LoopbackSite.freePort(), SaLifetime.DEFAULT, HELD, policy));
        return sites.getLast();
    }

    private LoopbackSite site(int number) {
        return site(number, LoopbackSite.EVERYTHING);
    }

    private static void join(LoopbackSite a, LoopbackSite b, long generation) {
        b.install(a, generation, SUITE);
        a.install(b, generation, SUITE);
    }

    private static PeerTunnel tunnel(LoopbackSite site) {
        return (PeerTunnel) site.dataPlane.peers().getFirst();
    }

    private void trace(Object part) {
        traces.add(new WeakReference<>(part));
    }

    private void traceTunnels(LoopbackSite site) {
        for (Object peer : site.dataPlane.peers()) {
            PeerTunnel tunnel = (PeerTunnel) peer;
            List.of(tunnel, tunnel.associations(), tunnel.stream(), tunnel.protocols(), tunnel.protocols().session()).forEach(this::trace);
        }
    }

    private void awaitNoTrace() {
        LoopbackSite.await(() -> {
            System.gc();
            return traces.stream().allMatch(trace -> trace.get() == null);
        }, "the end of all that belongs to closed peers");
    }

    @AfterEach
    void closeSites() {
        sites.forEach(LoopbackSite::close);
        sites.forEach(site -> assertEquals(0, site.errors.size(), () -> "errors: " + site.errors));
    }

    /** Of peers that were never heard, of one that was, of one with a prepared generation, and of one with nothing else. */
    @Test
    void noTableHoldsAnythingOfPeersThatWereClosed() {
        LoopbackSite a = site(1);
        LoopbackSite b = site(2);
        join(a, b, 1);
        a.send(LoopbackSite.packet(1, 2, 3000, 1));
        b.receive();
        LoopbackSite.await(() -> tunnel(a).epoch() == 1, "an exchange of keys");
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        for (int number = 10; number < 40; number++) {
            AssociationGrant grant = a.grant(number, nowhere, 1, SUITE);
            trace(grant);
            a.dataPlane.install(grant).toCompletableFuture().join();
            a.send(LoopbackSite.packet(1, number, 100, 1));
        }
        for (int number : new int[] {39, 40}) {
            a.dataPlane.change(new AssociationChange.Prepare(a.grant(number, nowhere, 2, SUITE))).toCompletableFuture().join();
        }
        a.dataPlane.change(new AssociationChange.RollBack(40, 2)).toCompletableFuture().join();
        traceTunnels(a);
        for (int number = 2; number < 41; number++) {
            a.closePeer(number);
        }
        assertTrue(a.dataPlane.peers().isEmpty());
        awaitNoTrace();
    }

    @Test
    void theKeysOfAClosedPeerAreWipedAtOnce() {
        LoopbackSite a = site(1);
        AssociationGrant grant = a.grant(2, a.address, 1, SUITE);
        AssociationGrant prepared = a.grant(2, a.address, 2, SUITE);
        a.dataPlane.install(grant).toCompletableFuture().join();
        a.dataPlane.change(new AssociationChange.Prepare(prepared)).toCompletableFuture().join();
        a.closePeer(2);
        for (TrafficKeys keys : List.of(grant.inboundKeys(), grant.outboundKeys(), prepared.inboundKeys(), prepared.outboundKeys())) {
            assertThrows(IllegalStateException.class, keys::aeadKey);
        }
    }

    @Test
    void whatWentThroughAClosedPeerStaysInTheSums() {
        LoopbackSite a = site(1);
        LoopbackSite b = site(2);
        join(a, b, 1);
        for (int i = 0; i < 5; i++) {
            a.send(LoopbackSite.packet(1, 2, 100, i));
            b.receive();
        }
        a.closePeer(2);
        b.closePeer(1);
        assertEquals(5, a.dataPlane.packetsOut());
        assertEquals(5 * 120, a.dataPlane.bytesOut());
        assertEquals(5, b.dataPlane.packetsIn());
        assertEquals(5 * 120, b.dataPlane.bytesIn());
        join(a, b, 2);
        assertEquals(0, tunnel(a).packetsOut());
        a.send(LoopbackSite.packet(1, 2, 100, 5));
        b.receive();
        assertEquals(6, a.dataPlane.packetsOut());
        assertEquals(6, b.dataPlane.packetsIn());
    }

    @Test
    void whatWaitsForAPeerThatIsClosedIsDroppedAndWhatComesLaterWaitsForANewKey() {
        LoopbackSite a = site(1);
        LoopbackSite b = site(2);
        a.install(b, 1, SUITE);
        for (int i = 0; i < 5; i++) {
            a.send(LoopbackSite.packet(1, 2, 100, i));
        }
        LoopbackSite.await(() -> tunnel(a).waiting() == 5, "packets that wait for the peer");
        a.closePeer(2);
        assertEquals(5, a.dataPlane.drops(DropReason.PEER_CLOSED));
        byte[] later = LoopbackSite.packet(1, 2, 100, 6);
        a.send(later);
        LoopbackSite.await(() -> a.demands.contains("address [10, 2, 0, 1]"), "the question for the key");
        join(a, b, 2);
        assertArrayEquals(later, b.receive());
    }

    @Test
    void whatAClosedPeerStillSendsIsAStrangers() {
        LoopbackSite a = site(1);
        LoopbackSite b = site(2);
        join(a, b, 1);
        b.send(LoopbackSite.packet(2, 1, 100, 1));
        a.receive();
        a.closePeer(2);
        long unknown = a.dataPlane.drops(DropReason.SPI_UNKNOWN);
        b.send(LoopbackSite.packet(2, 1, 100, 2));
        a.awaitDrops(DropReason.SPI_UNKNOWN, unknown + 1);
        assertTrue(a.receivedNothing());
    }

    /**
     * The other end has closed nothing: it goes on where it was, with a peer for whom everything begins. As with a peer that has restarted,
     * datagrams are lost until the peer knows the stream, and the reliable class brings again what nobody has confirmed.
     */
    @ParameterizedTest
    @EnumSource(TrafficClass.class)
    void aPeerThatComesBackIsAsNew(TrafficClass trafficClass) {
        LoopbackSite a = site(1, LoopbackSite.everything(trafficClass));
        LoopbackSite b = site(2, LoopbackSite.everything(trafficClass));
        for (int generation = 1; generation <= 4; generation++) {
            join(a, b, generation);
            assertEquals(0, tunnel(a).packetsOut());
            sendUntilHeard(b, a);
            for (int i = 0; i < 20; i++) {
                byte[] there = LoopbackSite.packet(1, 2, 1 + 100 * i, generation);
                byte[] back = LoopbackSite.packet(2, 1, 1 + 100 * i, generation);
                a.send(there);
                assertArrayEquals(there, receive(b, generation), "generation " + generation + ", packet " + i);
                b.send(back);
                assertArrayEquals(back, receive(a, generation), "generation " + generation + ", answer " + i);
            }
            assertEquals(20, tunnel(a).packetsOut());
            assertEquals(generation, tunnel(a).generation());
            traceTunnels(a);
            a.closePeer(2);
        }
        awaitNoTrace();
    }

    private static void sendUntilHeard(LoopbackSite from, LoopbackSite to) {
        long heard = tunnel(to).packetsIn();
        long[] sentNs = {System.nanoTime() - MARKER_INTERVAL_NS};
        LoopbackSite.await(() -> {
            if (System.nanoTime() - sentNs[0] >= MARKER_INTERVAL_NS) {
                sentNs[0] = System.nanoTime();
                from.send(LoopbackSite.packet(from.number, to.number, 1, MARKER));
            }
            return tunnel(to).packetsIn() > heard;
        }, "a packet of " + from.id + " at " + to.id);
    }

    /** The next packet that was filled with a value. */
    private static byte[] receive(LoopbackSite site, int value) {
        byte[] packet = site.receive();
        while (packet[packet.length - 1] != value) {
            packet = site.receive();
        }
        return packet;
    }

    @Test
    void aPeerThatIsSilentForAnHourHasLeft() {
        LoopbackSite a = site(1);
        a.install(2, 9);
        for (int i = 0; tunnel(a).session().link().state() != LinkState.DOWN; i++) {
            assertTrue(i < 10, "the link is not down after " + i + " intervals");
            leapToNextHeartbeat(a, SILENCE);
        }
        leapToNextHeartbeat(a, Duration.ofMinutes(59));
        // When the second is sent, the turn of the first has come to its end, in which the peer would have been given up.
        leapToNextHeartbeat(a, SILENCE);
        assertFalse(a.demands.contains("left 2 with 9"), "the peer was given up before its time");
        a.clock.leap(Duration.ofMinutes(1));
        LoopbackSite.await(() -> a.demands.contains("left 2 with 9"), "the word that the peer has left");
    }

    private static void leapToNextHeartbeat(LoopbackSite site, Duration time) {
        long sent = tunnel(site).session().heartbeatsSent();
        site.clock.leap(time);
        LoopbackSite.await(() -> tunnel(site).session().heartbeatsSent() > sent, "the next heartbeat");
    }
}
