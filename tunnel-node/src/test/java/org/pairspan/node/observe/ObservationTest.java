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
    void theNodeShowsOnlyDropsThatHappenedAndWhetherKeysLeak() throws Exception {
        InetSocketAddress address = new InetSocketAddress("192.0.2.1", 4710);
        NodeDescription description = new NodeDescription("a", "pairspan0", address, address, "the keys are being written to x");
        KeyServiceStatus down = new KeyServiceStatus(false, InetSocketAddress.createUnresolved("kms-1", 7400), 0, "refused");
        Observation observation = new Observation(description, new FakeNode(), () -> down, () -> 0);
        try (observation) {
            NodeMXBean node = JMX.newMXBeanProxy(SERVER, name("Node", "a"), NodeMXBean.class);
            assertEquals(Map.of("REPLAYED", 2L), node.getDrops());
            assertEquals(5, node.getHeldPackets());
            assertEquals("kms-1:7400", node.getKeyServer());
            assertEquals("refused", node.getKeyServiceTrouble());
            assertFalse(node.isKeyServiceConnected());
            assertEquals("the keys are being written to x", node.getKeyExportWarning());
        }
        assertFalse(SERVER.isRegistered(name("Node", "a")));
    }
}
