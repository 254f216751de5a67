package org.pairspan.node.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

class FairQueueTest {
    private static final int LARGEST = 61_440;
    private static final int NUMBER_OFFSET = 28;

    private final DropCounters drops = new DropCounters();
    private final PacketPool pool = new PacketPool(128, 4, LARGEST, drops);
    private final FairQueue queue = new FairQueue(pool, Patience.DATAGRAM);

    private static boolean add(FairQueue queue, int flow, int length, int number) {
        return queue.add(flow, Packets.udp(flow, length, number, Packets.NO_ECN), 0, length, flow, 0);
    }

    private static int take(FairQueue queue) {
        assertTrue(queue.choose(0));
        int number = queue.current().getInt(NUMBER_OFFSET, ByteOrder.BIG_ENDIAN);
        queue.finish();
        return number;
    }

    @Test
    void packetsOfAFlowKeepTheirOrderAndContent() {
        for (int i = 0; i < 50; i++) {
            assertTrue(add(queue, 1, 100 + i, i));
        }
        for (int i = 0; i < 50; i++) {
            assertTrue(queue.choose(0));
            assertEquals(100 + i, queue.currentLength());
            assertEquals(1, queue.currentTraits());
            assertEquals(i, take(queue));
        }
        assertFalse(queue.choose(0));
        assertTrue(queue.isEmpty());
    }

    @Test
    void flowsShareByBytesNotByPackets() {
        Map<Integer, Integer> bytes = new HashMap<>();
        for (int i = 0; i < 60; i++) {
            add(queue, 1, 1500, i);
        }
        for (int i = 0; i < 60; i++) {
            add(queue, 2, 300, i);
        }
        for (int sent = 0; sent < 30_000;) {
            assertTrue(queue.choose(0));
            bytes.merge(queue.currentTraits(), queue.currentLength(), Integer::sum);
            sent += queue.currentLength();
            queue.finish();
        }
        assertEquals(15_000, bytes.get(1), 2 * 1514);
        assertEquals(15_000, bytes.get(2), 2 * 1514);
    }

    @Test
    void aFlowThatHadNothingWaitingGoesFirst() {
        for (int i = 0; i < 20; i++) {
            add(queue, 1, 1500, i);
        }
        assertEquals(0, take(queue));
        assertEquals(1, take(queue));
        add(queue, 2, 84, 1000);
        assertEquals(1000, take(queue));
        assertEquals(2, take(queue));
    }

    @Test
    void aFlowThatAlwaysComesBackAtOnceDoesNotStarveTheOthers() {
        for (int i = 0; i < 20; i++) {
            add(queue, 1, 1500, i);
        }
        take(queue);
        take(queue);
        int bulk = 0;
        for (int i = 0; i < 40; i++) {
            add(queue, 2, 1400, 1000);
            bulk += take(queue) < 1000 ? 1 : 0;
        }
        assertTrue(bulk >= 10, "the first flow sent " + bulk + " packets of 40");
    }

    @Test
    void theFullestQueueOfTheNodeGivesWay() {
        FairQueue other = new FairQueue(pool, Patience.DATAGRAM);
        for (int i = 0; i < 128; i++) {
            assertTrue(add(queue, i % 2, 1000, i));
        }
        for (int i = 0; i < 32; i++) {
            assertTrue(add(other, 1, 1000, i));
        }
        assertEquals(32, other.packets());
        assertEquals(128 - drops.get(DropReason.QUEUE_FULL), queue.packets());
        assertTrue(queue.packets() >= 32, "left: " + queue.packets());
        for (int i = 0; i < 32; i++) {
            assertEquals(i, take(other));
        }
    }

    @Test
    void largePacketsAreBoundedApartFromSmallOnes() {
        for (int i = 0; i < 10; i++) {
            assertTrue(add(queue, 1, LARGEST, i));
            assertTrue(add(queue, 2, 100, i));
        }
        assertEquals(10 - drops.get(DropReason.QUEUE_FULL), 4 - pool.free(true));
        assertEquals(118, pool.free(false));
        assertFalse(add(queue, 1, LARGEST + 1, 0));
    }

    @Test
    void nothingIsEverTakenFromThePacketInService() {
        for (int i = 0; i < 4; i++) {
            assertTrue(add(queue, i, LARGEST, i));
        }
        assertTrue(queue.choose(0));
        int chosen = queue.current().getInt(NUMBER_OFFSET, ByteOrder.BIG_ENDIAN);
        for (int i = 4; i < 40; i++) {
            add(queue, i, LARGEST, i);
        }
        assertEquals(chosen, take(queue));
    }

    @Test
    void whatHasWaitedTooLongIsGivenUp() {
        add(queue, 1, 100, 0);
        queue.add(2, Packets.udp(2, 100, 1, Packets.NO_ECN), 0, 100, 2, 1_000);
        queue.expire(1_500, 1_499, DropReason.HOLD_EXPIRED);
        assertEquals(2, queue.packets());
        queue.expire(1_500, 1_500, DropReason.HOLD_EXPIRED);
        assertEquals(1, queue.packets());
        assertEquals(1, drops.get(DropReason.HOLD_EXPIRED));
        assertEquals(1, take(queue));
        assertFalse(queue.choose(1_500));
    }

    @Test
    void aPacketBegunElsewhereIsTheCurrentOne() {
        UnsafeBuffer begun = Packets.udp(1, 500, 77, Packets.NO_ECN);
        assertTrue(queue.addCurrent(begun, 0, 500, 5, 0));
        add(queue, 2, 100, 78);
        assertEquals(2, queue.packets());
        assertTrue(queue.choose(0));
        assertEquals(5, queue.currentTraits());
        assertEquals(77, take(queue));
        assertEquals(78, take(queue));
    }

    /** Against a model: what comes out is what went in, in order in each flow; and no slot is ever lost. */
    @Test
    void anyMixtureOfCallsKeepsOrderAndMemory() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        FairQueue[] queues = {queue, new FairQueue(pool, Patience.DATAGRAM), new FairQueue(pool, Patience.DATAGRAM)};
        Map<Integer, Deque<Integer>> expected = new HashMap<>();
        int number = 0;
        for (int step = 0; step < 50_000; step++) {
            int peer = random.nextInt(queues.length);
            FairQueue chosen = queues[peer];
            if (random.nextInt(100) < 52) {
                int flow = random.nextInt(5);
                int length = random.nextInt(20) == 0 ? random.nextInt(PacketPool.SMALL + 1, LARGEST + 1) : random.nextInt(32, PacketPool.SMALL + 1);
                if (add(chosen, flow, length, number)) {
                    expected.computeIfAbsent(peer << 8 | flow, any -> new ArrayDeque<>()).add(number);
                }
                number++;
            } else if (chosen.choose(0)) {
                Deque<Integer> flow = expected.get(peer << 8 | chosen.currentTraits());
                int taken = take(chosen);
                // What gave way was the oldest of its flow.
                while (flow.peek() != null && flow.peek() != taken) {
                    flow.remove();
                }
                assertEquals(taken, flow.poll(), "seed " + seed + ", step " + step);
            }
        }
        for (FairQueue each : queues) {
            while (each.choose(0)) {
                each.finish();
            }
            assertEquals(0, each.bytes(), "seed " + seed);
            assertTrue(each.isEmpty(), "seed " + seed);
        }
        assertEquals(128, pool.free(false), "seed " + seed);
        assertEquals(4, pool.free(true), "seed " + seed);
    }
}
