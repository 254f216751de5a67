package org.pairspan.protocol.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.flow.Cubic;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;

/** Pieces, losses and acknowledgements cost no memory beyond what the window bounds. */
class AllocationTest {
    private static final int WINDOW = 512;
    private static final int PIECE = 1400;
    private static final int WARM_UP = 50_000;
    private static final int MEASURED = 200_000;

    private final RttMeasurement rtt = new RttMeasurement();
    private final ReliableSender sender = new ReliableSender(WINDOW, PIECE, rtt, new Cubic(WINDOW), new DropCounters());
    private final ReliableReceiver receiver = new ReliableReceiver(1, WINDOW, PIECE, rtt);
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PIECE]);
    private long nowNs;
    private long delivered;
    private int sendings;
    private final Delivery delivery = (header, piece, offset, length) -> delivered++;
    private final ControlSink toReceiver = (message, offset, length) -> {
        receiver.onMessage(message, offset, length, nowNs);
        return true;
    };
    private final ControlSink toSender = (message, offset, length) -> {
        sender.onMessage(message, offset, length, nowNs);
        return true;
    };
    private final Resender resender = this::post;

    @Test
    void noneIsAllocatedForAPiece() {
        run(WARM_UP);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        run(WARM_UP + MEASURED);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(WARM_UP + MEASURED, delivered);
        assertTrue(sender.counters().resent() > MEASURED / 50, "losses took part");
        assertTrue(allocated < 100_000, () -> allocated + " bytes for " + MEASURED + " pieces");
    }

    private void run(long pieces) {
        while (delivered < pieces) {
            nowNs += 100_000;
            while (sender.counters().sent() < pieces && sender.canSend(nowNs)) {
                post(sender.accept(SegmentHeader.WHOLE, 0, payload, 0, PIECE, nowNs), payload, 0, PIECE);
            }
            receiver.doWork(nowNs, toSender);
            sender.resend(nowNs, resender);
            sender.doWork(nowNs, toReceiver);
        }
    }

    private boolean post(long header, DirectBuffer piece, int offset, int length) {
        if (++sendings % 37 != 0) {
            receiver.onPiece(header, piece, offset, length, nowNs, delivery);
        }
        return true;
    }
}
