package org.pairspan.node.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/** A line that takes a packet a millisecond, as the queue in front of it sees it. */
class CoDelTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int LENGTH = 1000;

    private final DropCounters drops = new DropCounters();
    private final PacketPool pool = new PacketPool(2048, 1, 61_440, drops);
    private final FairQueue queue = new FairQueue(pool, Patience.DATAGRAM);
    /** Near the end of the clock's range: it may wrap. */
    private long nowNs = Long.MAX_VALUE - 100 * MS;
    private int marked;

    private void add(int flow, int packets, int ecn) {
        for (int i = 0; i < packets; i++) {
            queue.add(flow, Packets.udp(flow, LENGTH, i, ecn), 0, LENGTH, flow, nowNs);
        }
    }

    private void takeOne() {
        if (queue.choose(nowNs)) {
            byte[] header = new byte[20];
            queue.current().getBytes(0, header);
            assertEquals(0xFFFF, Packets.sum(ByteBuffer.wrap(header)), "IP header checksum");
            marked += (header[1] & 3) == 3 ? 1 : 0;
            queue.finish();
        }
        nowNs += MS;
    }

    private long dropped() {
        return drops.get(DropReason.QUEUE_DELAY);
    }

    @Test
    void aBurstPasses() {
        add(1, 20, Packets.NO_ECN);
        for (int i = 0; i < 20; i++) {
            takeOne();
        }
        assertEquals(0, dropped());
    }

    @Test
    void aStandingQueueIsDroppedFromMoreAndMoreOften() {
        add(1, 30, Packets.NO_ECN);
        long[] soFar = new long[5];
        for (int i = 0; i < 1250; i++) {
            add(1, 1, Packets.NO_ECN);
            takeOne();
            soFar[i / 250] = dropped();
        }
        assertTrue(soFar[0] >= 1, "drops: " + soFar[0]);
        long late = soFar[1] - soFar[0];
        assertTrue(late > soFar[0] || soFar[4] >= 28, "drops " + soFar[0] + ", then " + late);
        // The 30 packets too many are gone at last, and with them the drops.
        assertEquals(30, soFar[4], 5);
        assertTrue(queue.packets() <= 6, "waiting: " + queue.packets());
    }

    @Test
    void aFlowThatUnderstandsMarksLosesNothing() {
        add(1, 30, Packets.ECN_CAPABLE);
        for (int i = 0; i < 500; i++) {
            add(1, 1, Packets.ECN_CAPABLE);
            takeOne();
        }
        assertEquals(0, dropped());
        assertTrue(marked > 3, "marked: " + marked);
    }

    @Test
    void aSparseFlowBesideAStandingQueueLosesNothing() {
        add(1, 200, Packets.ECN_CAPABLE);
        takeOne();
        takeOne();
        for (int i = 0; i < 200; i++) {
            add(1, 1, Packets.ECN_CAPABLE);
            if (i % 10 == 0) {
                add(2, 1, Packets.NO_ECN);
                assertTrue(queue.choose(nowNs));
                assertEquals(2, queue.currentTraits());
            }
            takeOne();
        }
        assertEquals(0, dropped());
    }

    @Test
    void whatWaitedForAKeyOrAPeerIsNoQueueToBeShortened() {
        add(1, 20, Packets.NO_ECN);
        for (int i = 0; i < 300; i++) {
            queue.choose(nowNs);
            nowNs += MS;
        }
        queue.resume(nowNs);
        for (int i = 0; i < 20; i++) {
            takeOne();
        }
        assertEquals(0, dropped());
        assertEquals(0, queue.packets());
    }

    @Test
    void aWaitForAPeerThatWasNoticedBeforeIsForgottenWithIt() {
        add(1, 20, Packets.NO_ECN);
        nowNs += 10 * MS;
        queue.choose(nowNs);
        nowNs += 300 * MS;
        queue.resume(nowNs);
        // The stream has its receiver now, and takes the first packet a moment later.
        nowNs += 6 * MS;
        for (int i = 0; i < 20; i++) {
            takeOne();
        }
        assertEquals(0, dropped());
    }

    @Test
    void theReliableClassMayWaitForItsRepairs() {
        FairQueue patient = new FairQueue(pool, Patience.RELIABLE);
        for (int i = 0; i < 90; i++) {
            patient.add(1, Packets.udp(1, LENGTH, i, Packets.NO_ECN), 0, LENGTH, 1, nowNs);
        }
        for (int i = 0; i < 2000; i++) {
            patient.add(1, Packets.udp(1, LENGTH, i, Packets.NO_ECN), 0, LENGTH, 1, nowNs);
            assertTrue(patient.choose(nowNs));
            patient.finish();
            nowNs += MS;
        }
        assertEquals(0, dropped());
    }

    @Test
    void aFarPeerMayHaveALongerQueue() {
        queue.followRoundTrip(150 * MS);
        add(1, 14, Packets.NO_ECN);
        for (int i = 0; i < 400; i++) {
            add(1, 1, Packets.NO_ECN);
            takeOne();
        }
        assertEquals(0, dropped());
    }
}
