package org.pairspan.protocol.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.flow.Cubic;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;

/** A reliable stream whose path stops taking pieces of the length that it took before. */
class NarrowerPathTest {
    private static final int WINDOW = 128;
    private static final int WIDE = 1400;
    private static final int NARROW = 1200;
    private static final long MS = 1_000_000L;

    private final RttMeasurement roundTripTime = new RttMeasurement();
    private final ReliableSender sender = new ReliableSender(WINDOW, WIDE, roundTripTime, new Cubic(WINDOW), new DropCounters());
    private ReliableReceiver receiver = new ReliableReceiver(1, WINDOW, WIDE, roundTripTime);
    private final List<Integer> delivered = new ArrayList<>();
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[WIDE]);
    private int carries = WIDE;
    private long nowNs;

    private void turn() {
        nowNs += MS;
        sender.doWork(nowNs, (message, offset, length) -> {
            receiver.onMessage(message, offset, length, nowNs);
            return true;
        });
        sender.resend(nowNs, this::carry);
        receiver.doWork(nowNs, (message, offset, length) -> {
            sender.onMessage(message, offset, length, nowNs);
            return true;
        });
    }

    private boolean carry(long header, DirectBuffer piece, int offset, int length) {
        if (length <= carries) {
            receiver.onPiece(header, piece, offset, length, nowNs, (h, p, o, size) -> delivered.add(size));
        }
        return true;
    }

    private void send(int length) {
        for (int i = 0; i < 5_000 && !sender.canSend(nowNs); i++) {
            turn();
        }
        assertTrue(sender.canSend(nowNs));
        carry(sender.accept(SegmentHeader.WHOLE, 0, payload, 0, length, nowNs), payload, 0, length);
        turn();
    }

    @Test
    void whatTheNarrowerPathDoesNotTakeIsDroppedAndTheStreamGoesOn() {
        send(WIDE);
        carries = NARROW;
        send(WIDE);
        send(NARROW);
        for (int i = 0; i < 5_000; i++) {
            turn();
        }
        assertEquals(List.of(WIDE), delivered, "what comes behind the lost piece is held");
        sender.abandon(nowNs);
        assertEquals(2, sender.counters().abandoned());
        send(NARROW - 1);
        send(NARROW - 2);
        for (int i = 0; i < 100; i++) {
            turn();
        }
        assertEquals(List.of(WIDE, NARROW - 1, NARROW - 2), delivered);
        assertEquals(0, sender.unconfirmed());
        assertEquals(2, receiver.streams());
    }

    @Test
    void aReceiverThatStartsAnewAndTakesShorterPiecesIsSentThose() {
        send(WIDE);
        carries = 0;
        send(WIDE);
        send(WIDE);
        receiver = new ReliableReceiver(2, WINDOW, NARROW, roundTripTime);
        carries = WIDE;
        for (int i = 0; i < 5_000; i++) {
            turn();
        }
        assertEquals(NARROW, sender.pieceLength());
        assertEquals(0, sender.unconfirmed());
        send(NARROW);
        send(NARROW - 1);
        for (int i = 0; i < 100; i++) {
            turn();
        }
        assertEquals(List.of(WIDE, NARROW, NARROW - 1), delivered);
        assertEquals(2, sender.counters().abandoned());
    }

    @Test
    void aReceiverThatStartedAnewAtTheBeginningAndTakesShorterPiecesIsSentThose() {
        carries = 0;
        send(WIDE);
        receiver = new ReliableReceiver(2, WINDOW, NARROW, roundTripTime);
        carries = NARROW;
        send(NARROW - 1);
        carries = WIDE;
        for (int i = 0; i < 5_000; i++) {
            turn();
        }
        send(NARROW - 2);
        for (int i = 0; i < 100; i++) {
            turn();
        }
        assertEquals(NARROW - 2, delivered.getLast());
        assertEquals(0, sender.unconfirmed());
    }

    @Test
    void withNothingUnconfirmedNothingChanges() {
        sender.abandon(nowNs);
        assertFalse(sender.canSend(nowNs));
        send(WIDE);
        for (int i = 0; i < 100; i++) {
            turn();
        }
        sender.abandon(nowNs);
        send(WIDE);
        assertEquals(List.of(WIDE, WIDE), delivered);
        assertEquals(1, receiver.streams());
    }
}
