package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.offload.TcpSplitter;
import org.pairspan.node.queue.FlowHash;
import org.pairspan.node.queue.PacketPool;
import org.pairspan.node.queue.Patience;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

class OutletTest {
    private final DropCounters drops = new DropCounters();
    private final PacketPool pool = new PacketPool(256, 4, PacketDevice.LONGEST_PACKET, drops);
    private final FakeStream stream = new FakeStream();
    private boolean keys = true;
    private final Outlet outlet = outlet(stream);

    private Outlet outlet(FakeStream to) {
        return new Outlet(new DatagramClassSender(to, new TcpSplitter(), drops, 0), () -> keys, pool, new FlowHash(1, 2), Patience.DATAGRAM);
    }

    private static void offer(Outlet to, int fromNetwork, int length, int value) {
        UnsafeBuffer packet = new UnsafeBuffer(LoopbackSite.packet(fromNetwork, 2, length, value));
        to.offer(packet, 0, packet.capacity(), PacketTraits.of(false, 0), 0);
    }

    private int valueOf(int index) {
        return stream.content(index)[stream.content(index).length - 1];
    }

    @Test
    void packetsGoStraightWhileTheStreamTakesThem() {
        for (int i = 0; i < 10; i++) {
            offer(outlet, 1, 100, i);
        }
        assertEquals(10, stream.count());
        assertEquals(0, outlet.waiting());
        assertEquals(10, outlet.packets());
        assertEquals(1_200, outlet.bytes());
    }

    @Test
    void whatACongestedStreamDoesNotTakeWaitsAndKeepsItsOrder() {
        stream.room = 3;
        for (int i = 0; i < 10; i++) {
            offer(outlet, 1, 100, i);
        }
        assertEquals(7, outlet.waiting());
        stream.room = 2;
        assertEquals(2, outlet.serve(0));
        stream.room = 100;
        offer(outlet, 1, 100, 10);
        assertEquals(6, outlet.serve(0));
        assertEquals(11, stream.count());
        for (int i = 0; i < 11; i++) {
            assertEquals(i, valueOf(i));
        }
    }

    @Test
    void aSmallFlowGoesBeforeABulkOneButNotIntoAPacketThatHasBegun() {
        stream.room = 2;
        offer(outlet, 1, 4_000, 1);
        offer(outlet, 1, 100, 2);
        offer(outlet, 1, 100, 3);
        offer(outlet, 3, 50, 9);
        stream.room = 100;
        outlet.serve(0);
        // Three pieces of the first packet, then one round of each new flow.
        assertEquals(6, stream.count());
        assertTrue(SegmentHeader.has(stream.header(2), SegmentHeader.LAST));
        assertEquals(9, Math.max(valueOf(3), Math.max(valueOf(4), valueOf(5))));
        assertEquals(0, outlet.waiting());
    }

    @Test
    void oneCongestedPeerDelaysNoOther() {
        FakeStream congested = new FakeStream();
        congested.room = 0;
        Outlet slow = outlet(congested);
        for (int i = 0; i < 1_000; i++) {
            offer(slow, 1, 1_000, i);
            offer(outlet, 1, 1_000, i);
            assertEquals(i + 1, stream.count());
        }
        assertTrue(slow.waiting() <= 256);
        assertTrue(drops.get(DropReason.QUEUE_FULL) > 0);
    }

    @Test
    void packetsWaitForKeysAndForThePeerUntilThePatienceEnds() {
        keys = false;
        offer(outlet, 1, 100, 1);
        assertTrue(outlet.isDisconnected());
        keys = true;
        stream.connected = false;
        assertEquals(0, outlet.serve(0));
        assertTrue(outlet.isDisconnected());
        stream.connected = true;
        assertEquals(1, outlet.serve(0));
        assertFalse(outlet.isDisconnected());
        stream.connected = false;
        offer(outlet, 1, 100, 2);
        outlet.expire(1_000, 999);
        assertEquals(1, outlet.waiting());
        outlet.expire(1_000, 1_000);
        assertEquals(0, outlet.waiting());
        assertEquals(1, drops.get(DropReason.HOLD_EXPIRED));
    }

    @Test
    void aPacketThatHadBegunIsForgottenWholeWhenItsPatienceEnds() {
        stream.room = 1;
        offer(outlet, 1, 4_000, 1);
        outlet.expire(1_000, 1_000);
        assertEquals(0, outlet.waiting());
        stream.room = 10;
        offer(outlet, 1, 100, 2);
        assertEquals(2, stream.count());
        assertEquals(SegmentHeader.WHOLE, SegmentHeader.flags(stream.header(1)));
    }
}
