package org.pairspan.benchmarks.fuzz;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.benchmarks.NullDevice;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.offload.Checksums;
import org.pairspan.node.offload.IcmpTooBig;
import org.pairspan.node.offload.MssClamp;
import org.pairspan.node.offload.PacketGatherer;
import org.pairspan.node.offload.TcpSplitter;
import org.pairspan.protocol.wire.DropCounters;

/** IP packets, from a peer or from the device, through everything that looks into them. */
final class PacketTarget implements FuzzTarget {
    private static final String IPV4_TCP_SYN = "4500003c000040004006000a0a0100010a020001" + "9c4014510000000100000000a002faf000000000"
        + "020405b40402080a0000000100000000" + "01030307";
    private static final String IPV4_TCP_DATA = "4500005c000040004006000a0a0100010a020001" + "9c401451000000010000000180100100abcd0000"
        + "0101080a0000000100000000" + "5a".repeat(40);
    private static final String IPV4_UDP = "4500003c0000400040110000" + "0a0100010a020001" + "9c401451002800005a5a".concat("5a".repeat(30));
    private static final String IPV6_TCP = "600000000034063f" + "fd000001000000000000000000000001" + "fd000002000000000000000000000001"
        + "9c401451000000010000000180100100abcd0000" + "0101080a0000000100000000" + "5a".repeat(20);
    private static final String IPV6_FRAGMENT = "6000000000182c3f" + "fd000001000000000000000000000001" + "fd000002000000000000000000000001"
        + "1100000100000001" + "5a".repeat(16);

    private final TcpSplitter splitter = new TcpSplitter();
    private final IcmpTooBig tooBig = new IcmpTooBig();
    private final PacketGatherer gatherer = new PacketGatherer(new NullDevice(), new DropCounters());
    private final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 17));

    @Override
    public List<byte[]> samples() {
        return List.of(IPV4_TCP_SYN, IPV4_TCP_DATA, IPV4_UDP, IPV6_TCP, IPV6_FRAGMENT).stream().map(HexFormat.of()::parseHex).toList();
    }

    @Override
    public void feed(UnsafeBuffer input, SplittableRandom random) {
        int length = input.capacity();
        if (IpPacket.fault(input, 0, length) != null) {
            return;
        }
        IpPacket.isMulticast(input, 0);
        IpPacket.source(input, 0);
        IpPacket.destination(input, 0);
        boolean needsChecksum = random.nextBoolean();
        int segmentSize = random.nextInt(1 << 11);
        int segments = splitter.wrap(input, 0, length, segmentSize, random.nextInt(68, 1 << 11));
        for (int i = 0; i < segments; i++) {
            splitter.write(i, out, 0);
            if (IpPacket.fault(out, 0, splitter.length(i)) != null) {
                throw new IllegalStateException("segment " + i + " of " + segments + " is no packet");
            }
        }
        int answer = tooBig.write(input, 0, length, random.nextInt(68, 1500), out, 0);
        if (answer > 0 && IpPacket.fault(out, 0, answer) != null) {
            throw new IllegalStateException("the answer is no packet");
        }
        gatherer.add(input, 0, length, needsChecksum);
        if (random.nextInt(4) == 0) {
            gatherer.addSuper(input, 0, length, segmentSize);
        }
        gatherer.flush();
        MssClamp.clamp(input, 0, length, random.nextInt(68, 1500), needsChecksum);
        Checksums.complete(input, 0, length);
    }
}
