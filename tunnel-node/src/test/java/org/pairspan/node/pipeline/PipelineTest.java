package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.protocol.wire.DropReason;

/** From one site's device to another's, through both pipelines, with the streams between them in memory. */
class PipelineTest {
    private final FakeStream stream = new FakeStream();
    private final PipelineSite a = new PipelineSite(1);
    private final PipelineSite b = new PipelineSite(2);

    private void join() {
        a.join(2, stream);
        b.join(1, stream);
    }

    private static byte[] packetOf(byte[] frame) {
        return Arrays.copyOfRange(frame, OffloadHeader.LENGTH, frame.length);
    }

    @Test
    void packetsOfEveryLengthArriveAsTheyWere() {
        join();
        for (int length = 0; length < 61_000; length = length * 5 / 4 + 1) {
            byte[] packet = LoopbackSite.packet(1, 2, length, length);
            a.device.give(packet);
            a.out();
            b.in();
            assertArrayEquals(packet, packetOf(b.device.written.removeFirst()), "length " + length);
        }
        assertEquals(0, a.drops.total() + b.drops.total());
    }

    @Test
    void aSuperPacketIsOneAgainAtItsDestination() {
        join();
        byte[] frame = PipelineSite.superFrame(1, 2, 50_000, 1_200);
        a.device.frames.add(frame);
        a.out();
        assertTrue(stream.count() > 40);
        b.in();
        assertEquals(1, b.device.written.size());
        byte[] arrived = packetOf(b.device.written.getFirst());
        assertArrayEquals(Arrays.copyOfRange(packetOf(frame), 40, frame.length - OffloadHeader.LENGTH),
                Arrays.copyOfRange(arrived, 40, arrived.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 200})
    void underLossWhatArrivesIsWhatWasSent(int lossPerMille) {
        join();
        stream.lossPerMille = lossPerMille;
        byte[][] sent = new byte[200][];
        for (int i = 0; i < sent.length; i++) {
            sent[i] = LoopbackSite.packet(1, 2, ThreadLocalRandom.current().nextInt(1, 20_000), i);
            a.device.give(sent[i]);
            stream.room = ThreadLocalRandom.current().nextInt(30);
            a.out();
            b.in();
        }
        stream.room = Integer.MAX_VALUE;
        while (a.out() > 0) {
            b.in();
        }
        b.in();
        int next = 0;
        for (byte[] frame : b.device.written) {
            while (!Arrays.equals(sent[next], packetOf(frame))) {
                next++;
            }
            next++;
        }
        assertTrue(b.device.written.size() < sent.length && b.device.written.size() > 10, "arrived: " + b.device.written.size());
        assertTrue(b.drops.get(DropReason.PIECE_MISSING) > 0);
    }

    @Test
    void aPacketThatMayNotBeFragmentedIsCarriedAndItsSenderToldOnceInAWhile() {
        join();
        for (int i = 0; i < 50; i++) {
            byte[] packet = LoopbackSite.packet(1, 2, 3_000, i);
            packet[6] = 0x40;
            a.device.give(packet);
            a.out();
            b.in();
        }
        assertEquals(50, b.device.written.size());
        assertEquals(10, a.device.written.size());
        byte[] notice = packetOf(a.device.written.getFirst());
        assertEquals(1, notice[9], "ICMP");
        assertEquals(3, notice[20], "destination unreachable");
        assertEquals(4, notice[21], "fragmentation needed");
        assertEquals(1400, (notice[26] & 0xFF) << 8 | notice[27] & 0xFF, "next-hop MTU");
    }

    @Test
    void aPeerWhoseStreamTakesNothingDelaysNobody() {
        join();
        FakeStream congested = new FakeStream();
        congested.room = 0;
        a.join(4, congested);
        for (int i = 0; i < 200; i++) {
            a.device.give(LoopbackSite.packet(1, 4, 1_000, i));
            a.device.give(LoopbackSite.packet(1, 2, 1_000, i));
            a.out();
            b.in();
            assertEquals(i + 1, b.device.written.size());
        }
    }

    @Test
    void theDataPathAllocatesNothing() {
        join();
        a.device.forgetful = true;
        b.device.forgetful = true;
        byte[] whole = new byte[OffloadHeader.LENGTH + 1_020];
        System.arraycopy(LoopbackSite.packet(1, 2, 1_000, 1), 0, whole, OffloadHeader.LENGTH, 1_020);
        byte[] pieces = new byte[OffloadHeader.LENGTH + 9_020];
        System.arraycopy(LoopbackSite.packet(1, 2, 9_000, 1), 0, pieces, OffloadHeader.LENGTH, 9_020);
        for (byte[] frame : List.of(whole, pieces, PipelineSite.superFrame(1, 2, 50_000, 1_200))) {
            run(frame, 20_000);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            run(frame, 5_000);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < 5_000, "a frame of " + frame.length + " bytes: " + allocated + " bytes for 5000 packets");
        }
        assertEquals(0, b.drops.total());
    }

    @Test
    void packetsToAnAddressThatNobodyOwnsAllocateNothing() {
        byte[] frame = new byte[OffloadHeader.LENGTH + 120];
        System.arraycopy(LoopbackSite.packet(1, 9, 100, 1), 0, frame, OffloadHeader.LENGTH, 120);
        a.unknown.add(new byte[] {10, 9, 0, 1}, Long.MAX_VALUE);
        run(frame, 20_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(frame, 5_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 5_000, allocated + " bytes for 5000 packets");
        assertEquals(25_000, a.drops.get(DropReason.NO_PEER));
    }

    /** Through a stream that is congested half of the time, so that packets pass the queue too. */
    private void run(byte[] frame, int packets) {
        a.device.repeated = frame;
        a.device.repetitions = packets;
        int turn = 0;
        stream.room = Integer.MAX_VALUE;
        while (a.out() > 0 | b.in() > 0 | a.device.repetitions > 0) {
            stream.room = turn++ % 2 == 0 ? 20 : Integer.MAX_VALUE;
            a.nowNs += 10_000;
            b.nowNs += 10_000;
        }
        stream.room = Integer.MAX_VALUE;
        while (a.out() > 0 | b.in() > 0) {
            a.nowNs += 10_000;
        }
    }

    @Test
    void theReliableClassCarriesASuperPacketAsItIs() {
        SecurityPolicy reliable = LoopbackSite.everything(TrafficClass.RELIABLE);
        PipelineSite from = new PipelineSite(1, reliable);
        PipelineSite to = new PipelineSite(2, reliable);
        from.join(2, stream);
        to.join(1, stream);
        byte[] frame = PipelineSite.superFrame(1, 2, 10_000, 1_200);
        from.device.frames.add(frame);
        for (int turn = 0; turn < 1_000 && to.device.written.isEmpty(); turn++) {
            from.nowNs += PipelineSite.MS;
            from.out();
            to.in();
            from.reliable.speakWith(to.reliable, from.nowNs);
        }
        assertArrayEquals(Arrays.copyOf(packetOf(frame), 20), Arrays.copyOf(packetOf(to.device.written.getFirst()), 20));
        assertArrayEquals(Arrays.copyOfRange(packetOf(frame), 40, 10_040),
                Arrays.copyOfRange(packetOf(to.device.written.getFirst()), 40, 10_040));
        assertEquals(1_200, (to.device.written.getFirst()[5] & 0xFF) << 8 | to.device.written.getFirst()[4] & 0xFF, "segment size");
    }
}
