package org.pairspan.protocol.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.pairspan.protocol.flow.Cubic;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;

/** The sending end of an open stream, and what its peer may say to it. */
abstract class SenderFixture {
    static final int WINDOW = 128;
    static final int PIECE = 1400;
    static final long INSTANCE = 77;
    static final long MS = 1_000_000L;
    static final int FIRST = ReliableSender.FIRST_NUMBER;

    final RttMeasurement rtt = new RttMeasurement();
    final DropCounters drops = new DropCounters();
    final Cubic congestion = new Cubic(WINDOW);
    final ReliableSender sender = new ReliableSender(WINDOW, PIECE, rtt, congestion, drops);
    final UnsafeBuffer message = new UnsafeBuffer(new byte[Acknowledgement.MAX_LENGTH]);
    final UnsafeBuffer payload = new UnsafeBuffer(new byte[PIECE + 1]);
    final List<Long> resent = new ArrayList<>();
    final Resender resender = (header, piece, offset, length) -> resent.add(header);
    long nowNs = 1_000 * MS;

    @BeforeEach
    void open() {
        assertFalse(sender.canSend(nowNs));
        assertEquals(1, sender.doWork(nowNs, (buffer, offset, length) -> buffer.getInt(offset) == 2 && length == 4));
        noStream(0, INSTANCE);
        assertTrue(sender.canSend(nowNs));
    }

    void send(int pieces) {
        for (int i = 0; i < pieces; i++) {
            sender.accept(SegmentHeader.WHOLE, 0, payload, 0, 10, nowNs);
        }
    }

    void state(int next, long bits, int newest) {
        state(INSTANCE, next, bits, newest);
    }

    void state(long instance, int next, long bits, int newest) {
        NumberSet here = new NumberSet(WINDOW);
        for (int i = 0; i < 64; i++) {
            if ((bits >>> i & 1) != 0) {
                here.add(next + i);
            }
        }
        int length = Acknowledgement.encodeState(message, (byte) 1, instance, next, WINDOW, PIECE, here, bits == 0 ? 0 : 64);
        Acknowledgement.encodeNewest(message, false, newest, 0);
        sender.onMessage(message, 0, length, nowNs);
    }

    void noStream(int incarnation, long instance) {
        int length = Acknowledgement.encodeNoStream(message, (byte) incarnation, instance, WINDOW, PIECE);
        sender.onMessage(message, 0, length, nowNs);
    }
}
