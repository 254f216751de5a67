package org.pairspan.node.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.pairspan.node.keyring.KeyServiceStatus;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.session.SessionTelemetry;
import org.pairspan.protocol.wire.DropReason;
import org.pairspan.runtime.jmx.ManagedBeans;

class ObservationTest {
    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();


    private record FakePeer(String id, long generation, long lastAuthenticatedNs) implements PeerTelemetry {
        @Override
        public int number() {
            return 2;
        }

        @Override
        public List<IpPrefix> prefixes() {
            return List.of(IpPrefix.parse("10.2.0.0/16"));
        }

        @Override
        public InetSocketAddress bearer() {
            return new InetSocketAddress("2001:db8::2", 4710);
        }

        @Override
        public int keyVersion() {
            return 1;
        }

        @Override
        public Suite suite() {
            return Suite.SM4_GCM;
        }

        @Override
        public int epoch() {
            return 7;
        }

        @Override
        public String keyExchange() {
            return "curveSM2";
        }

        @Override
        public SessionTelemetry session() {
            return new FakeSession();
        }

        @Override
        public TrafficTelemetry reliable() {
            return new FakeTraffic(11, 12, 13, 14);
        }

        @Override
        public long packetsOut() {
            return 1;
        }

        @Override
        public long bytesOut() {
            return 2;
        }

        @Override
        public long packetsIn() {
            return 3;
        }

        @Override
        public long bytesIn() {
            return 4;
        }
    }

    private record FakeTraffic(long packetsOut, long bytesOut, long packetsIn, long bytesIn) implements TrafficTelemetry {
    }

    /** A node that has dropped two packets. */
    private static final class FakeNode implements NodeTelemetry {
        @Override
        public long drops(DropReason reason) {
            return reason == DropReason.REPLAYED ? 2 : 0;
        }

        @Override
        public int heldPackets() {
            return 5;
        }

        @Override
        public long streamMemory() {
            return 6;
        }

        @Override
        public long streamsRefused() {
            return 7;
        }

        @Override
        public List<? extends PeerTelemetry> peers() {
            return List.of();
        }

        @Override
        public long packetsOut() {
            return 0;
        }

        @Override
        public long bytesOut() {
            return 0;
        }

        @Override
        public long packetsIn() {
            return 0;
        }

        @Override
        public long bytesIn() {
            return 0;
        }
    }

    private static ObjectName name(String type, String id) throws Exception {
        return new ObjectName(ManagedBeans.DOMAIN + ":type=" + type + ",name=" + id);
    }

    @Test
    void peersComeAndGoWithTheirBeans() throws Exception {
        try (ManagedBeans beans = new ManagedBeans()) {
            PeerBeans peers = new PeerBeans(beans, () -> 7_000_000);
            peers.show(List.of(new FakePeer("b", 1, 2_000_000), new FakePeer("c", 1, PeerTelemetry.NEVER)));
            PeerMXBean b = JMX.newMXBeanProxy(SERVER, name("Peer", "b"), PeerMXBean.class);
            assertEquals(5, b.getLastAuthenticatedAgeMillis());
            assertEquals("[2001:db8:0:0:0:0:0:2]:4710", b.getBearer());
            assertEquals(List.of("10.2.0.0/16"), b.getPrefixes());
            assertEquals("sm4-gcm", b.getSuite());
            assertEquals(-1, JMX.newMXBeanProxy(SERVER, name("Peer", "c"), PeerMXBean.class).getLastAuthenticatedAgeMillis());

            peers.show(List.of(new FakePeer("b", 2, 2_000_000)));
            assertEquals(2, b.getGeneration());
            assertFalse(SERVER.isRegistered(name("Peer", "c")));
        }
        assertFalse(SERVER.isRegistered(name("Peer", "b")));
    }

    @Test
    void aPeerShowsWhatItsProtocolsKnow() throws Exception {
        try (ManagedBeans beans = new ManagedBeans()) {
            new PeerBeans(beans, () -> 5_002_000_000L).show(List.of(new FakePeer("d", 1, 0)));
            PeerMXBean peer = JMX.newMXBeanProxy(SERVER, name("Peer", "d"), PeerMXBean.class);
            assertEquals(List.of("up", "the peer answered a heartbeat", 5L),
                    List.of(peer.getLink(), peer.getLinkReason(), peer.getLinkSeconds()));
            assertEquals(List.of(30L, 20L, 10L),
                    List.of(peer.getRoundTripNanos(), peer.getRoundTripVariationNanos(), peer.getRoundTripMinimumNanos()));
            assertEquals(List.of(7, 1480), List.of(peer.getEpoch(), peer.getPathMtu()));
            assertEquals("curveSM2", peer.getKeyExchange());
            assertEquals(List.of("exchanging", 3L), List.of(peer.getKeyUpdate(), peer.getTimesDown()));
            assertEquals(Suite.SM4_GCM.isNative() ? "libgcrypt" : "Bouncy Castle", peer.getCipher());
            assertEquals(List.of(11L, 12L, 13L, 14L, 0L), List.of(peer.getReliablePacketsOut(), peer.getReliableBytesOut(),
                    peer.getReliablePacketsIn(), peer.getReliableBytesIn(), peer.getRetransmissions()));
            assertEquals(List.of(4L, 3L, 2L, 1L), List.of(peer.getCongestionWindow(), peer.getCongestionWindowCuts(), peer.getQueueDrains(),
                    peer.getLongerPaths()));
            assertEquals(List.of(16L, 17L), List.of(peer.getPaddingBytes(), peer.getDummyPackets()));
            assertEquals(Map.of("access_denied", 18L), peer.getAlertsSent());
            assertEquals(Map.of("close_notify", 19L), peer.getAlertsReceived());
        }
    }

    @Test
    void theNodeShowsOnlyDropsThatHappenedAndWhetherKeysLeak() throws Exception {
        InetSocketAddress address = new InetSocketAddress("192.0.2.1", 4710);
        NodeDescription description = new NodeDescription("a", "pairspan0", address, address, "the keys are being written to x");
        KeyServiceStatus down = new KeyServiceStatus(false, InetSocketAddress.createUnresolved("kms-1", 7400), 0, "refused");
        Observation observation = new Observation(description, new FakeNode(), () -> down, () -> 0);
        try (observation) {
            NodeMXBean node = JMX.newMXBeanProxy(SERVER, name("Node", "a"), NodeMXBean.class);
            assertEquals(Map.of("REPLAYED", 2L), node.getDrops());
            assertEquals(5, node.getHeldPackets());
            assertEquals(List.of(6L, 7L), List.of(node.getStreamMemoryBytes(), node.getStreamsRefused()));
            assertEquals("kms-1:7400", node.getKeyServer());
            assertEquals("refused", node.getKeyServiceTrouble());
            assertFalse(node.isKeyServiceConnected());
            assertEquals("the keys are being written to x", node.getKeyExportWarning());
        }
        assertFalse(SERVER.isRegistered(name("Node", "a")));
    }
}
