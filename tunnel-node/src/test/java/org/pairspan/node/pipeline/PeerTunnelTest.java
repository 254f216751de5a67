package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.offload.TcpSplitter;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.node.queue.FlowHash;
import org.pairspan.node.queue.PacketPool;
import org.pairspan.node.queue.Patience;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.heartbeat.LinkReason;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.heartbeat.LinkStatus;
import org.pairspan.protocol.wire.DropCounters;

class PeerTunnelTest {
    private static final long START_NS = -5;

    private final DropCounters drops = new DropCounters();
    private final FakeStream stream = new FakeStream();
    private final Outlet outlet = new Outlet(new DatagramClassSender(stream, new TcpSplitter(), drops, 0), () -> true,
            new PacketPool(64, 1, PacketDevice.LONGEST_PACKET, drops), new FlowHash(1, 2), Patience.DATAGRAM);
    private final Outlet reliableOutlet = new Outlet(new DatagramClassSender(stream, new TcpSplitter(), drops, 0), () -> true,
            new PacketPool(64, 1, PacketDevice.LONGEST_PACKET, drops), new FlowHash(1, 2), Patience.DATAGRAM);
    private final PeerTunnel tunnel = tunnel();

    private PeerTunnel tunnel() {
        Suite suite = Suite.AES_256_GCM;
        AssociationGrant grant = new AssociationGrant("a", 1, "b", 2, List.of(IpPrefix.parse("10.2.0.0/16")),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4710), 1, 1, suite,
                KeySchedule.derive(suite, new byte[32], "a", "b", 1, 1), KeySchedule.derive(suite, new byte[32], "b", "a", 1, 1),
                KeySchedule.preSharedKey(suite, new byte[32], "a", "b", 1, 1));
        return new PeerTunnel(new SecurityAssociationDatabase(SaLifetime.DEFAULT, activated -> { }).install(grant, START_NS), null, outlet,
                new ReliableClass(reliableOutlet, null, null, null), null, LoopbackSite.EVERYTHING.of("b"), drops, grant,
                TrafficClass.DATAGRAM, START_NS);
    }

    private void send() {
        UnsafeBuffer packet = new UnsafeBuffer(LoopbackSite.packet(1, 2, 100, 1));
        outlet.offer(packet, 0, packet.capacity(), PacketTraits.of(false, 0), START_NS);
    }

    @Test
    void aPeerThatStaysAwayIsSearchedForNowAndThen() {
        stream.connected = false;
        send();
        assertFalse(tunnel.searchDue(START_NS));
        long due = START_NS + PeerTunnel.SEARCH_AFTER_NS;
        assertFalse(tunnel.searchDue(due - 1));
        assertTrue(tunnel.searchDue(due));
        assertFalse(tunnel.searchDue(due + PeerTunnel.SEARCH_INTERVAL_NS - 1));
        assertTrue(tunnel.searchDue(due + PeerTunnel.SEARCH_INTERVAL_NS));
    }

    @Test
    void aPeerWhoseLinkIsDownForAnHourHasLeftAndIsToldOfNowAndThen() {
        LinkStatus down = new LinkStatus(LinkState.DOWN, LinkReason.SILENCE, START_NS);
        long due = START_NS + PeerTunnel.LEFT_AFTER_NS;
        assertFalse(tunnel.leaveDue(new LinkStatus(LinkState.UNKNOWN, LinkReason.CREATED, START_NS), due));
        assertFalse(tunnel.leaveDue(down, due - 1));
        assertTrue(tunnel.leaveDue(down, due));
        assertFalse(tunnel.leaveDue(down, due + PeerTunnel.LEAVE_INTERVAL_NS - 1));
        assertTrue(tunnel.leaveDue(down, due + PeerTunnel.LEAVE_INTERVAL_NS));
    }

    @Test
    void aPeerThatIsHeardHasNotLeftThoughItHearsNothing() {
        LinkStatus deaf = new LinkStatus(LinkState.DOWN, LinkReason.PEER_HEARS_NOTHING, START_NS);
        long heardNs = START_NS + PeerTunnel.LEFT_AFTER_NS;
        tunnel.associations().packetsIn().increment();
        tunnel.associations().lastAuthenticNs().set(heardNs);
        assertFalse(tunnel.leaveDue(deaf, heardNs));
        assertFalse(tunnel.leaveDue(deaf, heardNs + PeerTunnel.LEFT_AFTER_NS - 1));
        assertTrue(tunnel.leaveDue(deaf, heardNs + PeerTunnel.LEFT_AFTER_NS));
    }

    @Test
    void aPeerThatNobodyWantsIsNotSearchedFor() {
        stream.connected = false;
        send();
        assertFalse(tunnel.searchDue(START_NS));
        outlet.expire(1, START_NS + 1);
        assertFalse(tunnel.searchDue(START_NS + PeerTunnel.SEARCH_AFTER_NS));
    }

    @Test
    void aPeerThatWasHeardInBetweenHasAllItsTimeAgain() {
        stream.connected = false;
        send();
        assertFalse(tunnel.searchDue(START_NS));
        stream.connected = true;
        outlet.serve(START_NS);
        assertFalse(tunnel.searchDue(START_NS + 1));
        stream.connected = false;
        send();
        assertFalse(tunnel.searchDue(START_NS + PeerTunnel.SEARCH_AFTER_NS));
    }
}
