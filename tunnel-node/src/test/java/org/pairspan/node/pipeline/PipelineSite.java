package org.pairspan.node.pipeline;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.classify.OwnPrefixes;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.node.offload.PacketGatherer;
import org.pairspan.node.offload.TcpSplitter;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.node.queue.FlowHash;
import org.pairspan.node.queue.PacketPool;
import org.pairspan.node.queue.Patience;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.wire.DropCounters;

/** Both pipelines of one site, with 10.NUMBER.0.0/16 behind it, over a device and streams of a test; turned by hand. */
final class PipelineSite {
    static final long MS = 1_000_000;

    final FakeDevice device = new FakeDevice();
    final DropCounters drops = new DropCounters();
    final PacketPool pool = new PacketPool(2048, 32, PacketDevice.LONGEST_PACKET, drops);
    final ReliableEnds reliable = new ReliableEnds(drops);
    long nowNs = 1;
    final UnknownAddresses unknown = new UnknownAddresses();
    private final int number;
    private final PeerDirectory peers = new PeerDirectory();
    private final SecurityPolicy policy;
    private final OutboundPipeline outbound;
    private final InboundPipeline inbound;

    PipelineSite(int number) {
        this(number, LoopbackSite.EVERYTHING);
    }

    PipelineSite(int number, SecurityPolicy policy) {
        this.number = number;
        this.policy = policy;
        OwnPrefixes own = new OwnPrefixes(List.of(prefix(number)));
        outbound = new OutboundPipeline(device, own, peers, policy, new NoDemand(),
                new HoldQueue(16, 1 << 20, Duration.ofSeconds(1).toNanos(), drops), unknown,
                new TooBigNotice(device, drops, tunnel -> true, nowNs), drops);
        inbound = new InboundPipeline(own, peers, new PacketGatherer(device, drops), drops);
    }

    private static final class NoDemand implements KeyDemand {
        @Override
        public boolean peerOf(byte[] address) {
            return true;
        }

        @Override
        public boolean peerNumbered(int wanted) {
            return true;
        }

        @Override
        public boolean renew(int peerNumber, long aboveGeneration) {
            return true;
        }

        @Override
        public boolean left(int peerNumber, long generation) {
            return true;
        }
    }

    private static IpPrefix prefix(int number) {
        return IpPrefix.parse("10." + number + ".0.0/16");
    }

    /** A tunnel to a peer, by a stream whose other end is the same object. */
    PeerTunnel join(int peerNumber, FakeStream stream) {
        Suite suite = Suite.AES_256_GCM;
        String id = "site-" + peerNumber;
        AssociationGrant grant = new AssociationGrant("site-" + number, number, id, peerNumber, List.of(prefix(peerNumber)),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 4710), 1, 1, suite,
                KeySchedule.derive(suite, new byte[32], "a", "b", 1, 1), KeySchedule.derive(suite, new byte[32], "b", "a", 1, 1),
                KeySchedule.preSharedKey(suite, new byte[32], "a", "b", 1, 1));
        FlowHash hash = new FlowHash(1, 2);
        Outlet datagrams = new Outlet(new DatagramClassSender(stream, new TcpSplitter(), drops, 0), () -> true, pool, hash, Patience.DATAGRAM);
        PeerTunnel tunnel = new PeerTunnel(new SecurityAssociationDatabase(SaLifetime.DEFAULT, activated -> { }).install(grant, nowNs), stream, datagrams,
                reliable.over(stream, pool, hash, drops), null, policy.of(id), drops, grant, TrafficClass.DATAGRAM, nowNs);
        peers.put(tunnel);
        return tunnel;
    }

    int out() {
        return outbound.doWork(nowNs);
    }

    int in() {
        return inbound.doWork(nowNs);
    }

    /** A frame of the device: a TCP super-packet whose payload counts up. */
    static byte[] superFrame(int from, int to, int payload, int segmentSize) {
        ByteBuffer frame = ByteBuffer.allocate(OffloadHeader.LENGTH + 40 + payload);
        frame.put((byte) OffloadHeader.NEEDS_CHECKSUM).put((byte) OffloadHeader.TYPE_TCP_IPV4);
        putLittleEndian(frame, 40);
        putLittleEndian(frame, segmentSize);
        putLittleEndian(frame, 20);
        putLittleEndian(frame, 16);
        frame.put((byte) 0x45).put((byte) 0).putShort((short) (40 + payload)).putShort((short) 1).putShort((short) 0x4000);
        frame.put((byte) 64).put((byte) 6).putShort((short) 0).put(new byte[] {10, (byte) from, 0, 1, 10, (byte) to, 0, 1});
        frame.putShort((short) 1234).putShort((short) 80).putInt(1_000).putInt(1).putShort((short) 0x5010).putShort((short) 1024).putInt(0);
        for (int i = 0; i < payload; i++) {
            frame.put((byte) (i * 7 + (i >> 8)));
        }
        return frame.array();
    }

    private static void putLittleEndian(ByteBuffer frame, int value) {
        frame.put((byte) value).put((byte) (value >> 8));
    }
}
