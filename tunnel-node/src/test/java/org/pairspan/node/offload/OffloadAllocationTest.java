package org.pairspan.node.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pairspan.node.offload.TransportPackets.ACK;
import static org.pairspan.node.offload.TransportPackets.SYN;
import static org.pairspan.node.offload.TransportPackets.direct;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/** The whole way of packets through this package, with nothing for the collector. */
class OffloadAllocationTest {
    private static final int ROUNDS = 3_000;
    private static final int SEGMENTS = 30;

    private final KernelModel kernel = new KernelModel();
    private final DropCounters drops = new DropCounters();
    private final PacketGatherer gatherer = new PacketGatherer(kernel, drops);
    private final TcpSplitter splitter = new TcpSplitter();
    private final IcmpTooBig icmp = new IcmpTooBig();
    private final UnsafeBuffer large = direct(new TransportPackets.Flow().tcp(ACK, new byte[SEGMENTS * 1000]));
    private final UnsafeBuffer opening = direct(openingPacket());
    private final UnsafeBuffer datagram = direct(new TransportPackets.Flow().six().udp(new byte[100]));
    private final UnsafeBuffer complete = direct(TransportPackets.completed(new TransportPackets.Flow().udp(new byte[100])));
    private final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(100_000));

    @Test
    void cuttingAndGatheringAllocateNothing() {
        kernel.refuses = true;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++) {
            round();
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < ROUNDS, () -> allocated + " bytes");
        assertEquals(2L * ROUNDS * (SEGMENTS + 6), drops.get(DropReason.DEVICE_REFUSED));
    }

    private void round() {
        int at = 2_000;
        int count = splitter.wrap(large, 0, large.capacity(), 1_000, 1_400);
        for (int i = 0; i < count; i++) {
            splitter.write(i, out, at);
            gatherer.add(out, at, splitter.length(i), true);
            at += splitter.length(i);
        }
        for (int i = 0; i < 2; i++) {
            gatherer.add(datagram, 0, datagram.capacity(), true);
            gatherer.add(complete, 0, complete.capacity(), false);
        }
        MssClamp.clamp(opening, 0, opening.capacity(), 1_200, false);
        gatherer.add(opening, 0, opening.capacity(), true);
        gatherer.add(out, 0, icmp.write(large, 0, large.capacity(), 1_400, out, 0), false);
        gatherer.flush();
    }

    private static byte[] openingPacket() {
        TransportPackets.Flow flow = new TransportPackets.Flow();
        flow.tcpOptions = TransportPackets.hex("020405b4");
        return flow.tcp(SYN, new byte[0]);
    }
}
