package org.pairspan.protocol.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropReason;

/** The sending end against answers of all kinds, among them lies. */
class ReliableSenderTest extends SenderFixture {
    @Test
    void nothingIsAskedBeforeThereIsSomethingToSend() {
        ReliableSender idle = new ReliableSender(WINDOW, PIECE, rtt, congestion, drops);
        assertEquals(0, idle.doWork(nowNs, (buffer, offset, length) -> true));
        assertEquals(Long.MAX_VALUE, idle.dueInNs(nowNs));
        assertEquals(0, idle.resend(nowNs, resender));
    }

    @Test
    void theQuestionIsRepeatedLessAndLessOften() {
        ReliableSender opening = new ReliableSender(WINDOW, PIECE, rtt, congestion, drops);
        opening.canSend(nowNs);
        int asked = 0;
        for (long ms = 0; ms < 10_000; ms++) {
            asked += opening.doWork(nowNs + ms * MS, (buffer, offset, length) -> true);
        }
        assertEquals(10, asked);
    }

    @Test
    void aQuestionThatCouldNotBeSentIsDueAgainAfterAWhile() {
        ReliableSender opening = new ReliableSender(WINDOW, PIECE, rtt, congestion, drops);
        opening.canSend(nowNs);
        assertEquals(0, opening.doWork(nowNs, (buffer, offset, length) -> false));
        assertEquals(10 * MS, opening.dueInNs(nowNs));
        assertEquals(1, opening.doWork(nowNs + 10 * MS, (buffer, offset, length) -> true));
    }

    @Test
    void theHeaderTellsIncarnationAndNumber() {
        long header = sender.accept(SegmentHeader.FIRST | SegmentHeader.SUPER, 1360, payload, 0, 10, nowNs);
        assertEquals(0x1301_0550_FFFF_FF00L, header);
        assertEquals(0x0501_0000_FFFF_FF01L, sender.accept(SegmentHeader.LAST, 0, payload, 0, 10, nowNs));
    }

    @Test
    void aPieceOfAWrongLengthOrWithoutRoomIsAnErrorOfTheCaller() {
        assertThrows(IllegalArgumentException.class, () -> sender.accept(0, 0, payload, 0, 0, nowNs));
        assertThrows(IllegalArgumentException.class, () -> sender.accept(0, 0, payload, 0, PIECE + 1, nowNs));
        send(WINDOW);
        assertThrows(IllegalStateException.class, () -> sender.accept(0, 0, payload, 0, 1, nowNs));
        assertThrows(IllegalArgumentException.class, () -> new ReliableSender(100, PIECE, rtt, congestion, drops));
        assertThrows(IllegalArgumentException.class, () -> new ReliableSender(16_384, PIECE, rtt, congestion, drops));
    }

    @Test
    void anAcknowledgementOfWhatWasNeverSentChangesNothing() {
        send(5);
        assertRefused(FIRST + 6, 0, FIRST, "next is beyond");
        assertRefused(FIRST, 0b100000, FIRST, "the bitmap is beyond");
        assertRefused(FIRST + 5, 1, FIRST, "the bitmap is beyond by next");
        assertRefused(FIRST + 2, 0b10, FIRST + 5, "the newest is beyond");
        assertRefused(FIRST + 0x7FFF_FFFF, 0, FIRST, "next is far beyond");
        state(FIRST + 5, 0, FIRST + 4);
        assertEquals(0, sender.unconfirmed());
        assertEquals(5, sender.counters().acknowledged());
    }

    @Test
    void whatIsMalformedChangesNothing() {
        send(5);
        for (int length = 0; length < Acknowledgement.HEADER_LENGTH; length++) {
            if (length != Acknowledgement.REQUEST_LENGTH) {
                message.putInt(0, 0x0001_0102);
                sender.onMessage(message, 0, length, nowNs);
            }
        }
        assertEquals(5, sender.unconfirmed());
        assertEquals(Acknowledgement.HEADER_LENGTH - 1, sender.counters().refused());
        assertEquals(Acknowledgement.HEADER_LENGTH - 1, drops.get(DropReason.CONTROL_MALFORMED));
    }

    @Test
    void anOldAcknowledgementThatComesLateChangesNothing() {
        send(5);
        state(FIRST + 4, 0, FIRST + 3);
        state(FIRST + 1, 0b1, FIRST + 1);
        assertEquals(1, sender.unconfirmed());
        assertEquals(0, sender.counters().refused());
        noStream(0, INSTANCE);
        assertEquals(0, sender.counters().restarts());
    }

    @Test
    void aPeerThatIsAnotherReceiverAllTheTimeIsFollowedSeldom() {
        send(4);
        state(FIRST, 0b1110, FIRST + 3);
        for (int i = 1; i <= 1_000; i++) {
            state(INSTANCE + i, FIRST, 0b1110, FIRST + 3);
        }
        assertEquals(999, sender.counters().refused());
        assertEquals(4, sender.unconfirmed());
    }

    @Test
    void aPeerThatWantsNewIncarnationsAllTheTimeGetsFew() {
        send(5);
        for (int i = 0; i < 1_000; i++) {
            noStream(i == 0 ? 1 : 2, i);
        }
        assertEquals(1, sender.counters().restarts());
        assertEquals(999, sender.counters().refused());
    }

    @Test
    void anOptimisticPeerGetsNothingBeyondTheWindow() {
        for (int round = 0; round < 1_000; round++) {
            while (sender.canSend(nowNs)) {
                send(1);
            }
            assertTrue(sender.unconfirmed() <= WINDOW);
            assertTrue(sender.onTheWay() <= congestion.window());
            int all = FIRST + (int) sender.counters().sent();
            Acknowledgement.encodeState(message, (byte) 1, INSTANCE, all, -1, PIECE, new NumberSet(WINDOW), 0);
            Acknowledgement.encodeNewest(message, false, all - 1, 0);
            sender.onMessage(message, 0, Acknowledgement.HEADER_LENGTH, nowNs);
        }
        assertTrue(sender.memory() <= WINDOW * 1408L);
    }

    @Test
    void noMessageBreaksIt() {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            while (sender.canSend(nowNs) && random.nextInt(20) > 0) {
                send(1);
            }
            byte[] bytes = new byte[random.nextInt(80)];
            random.nextBytes(bytes);
            message.putBytes(0, bytes);
            if (random.nextInt(4) > 0) {
                NumberSet here = new NumberSet(WINDOW);
                here.add(random.nextInt());
                int words = random.nextInt(3);
                Acknowledgement.encodeState(message, (byte) random.nextInt(4), random.nextInt(3), FIRST + random.nextInt(300) - 20,
                    random.nextInt(), random.nextInt(), here, words * 64);
                Acknowledgement.encodeNewest(message, random.nextBoolean(), FIRST + random.nextInt(200), random.nextInt());
                message.putByte(1, (byte) random.nextInt(4));
                bytes = new byte[Acknowledgement.HEADER_LENGTH + words * 8];
            }
            sender.onMessage(message, 0, bytes.length, nowNs);
            nowNs += random.nextInt((int) MS);
            sender.resend(nowNs, resender);
            sender.doWork(nowNs, (buffer, offset, length) -> random.nextBoolean());
            sender.dueInNs(nowNs);
            assertTrue(sender.unconfirmed() >= 0 && sender.unconfirmed() <= WINDOW, "seed " + seed);
            assertTrue(sender.onTheWay() <= sender.unconfirmed(), "seed " + seed);
        }
    }

    private void assertRefused(int next, long bits, int newest, String why) {
        long before = sender.counters().refused();
        state(next, bits, newest);
        assertEquals(before + 1, sender.counters().refused(), why);
        assertEquals(before + 1, drops.get(DropReason.ACKNOWLEDGEMENT_REFUSED), why);
        assertEquals(5, sender.unconfirmed(), why);
        assertEquals(5, sender.onTheWay(), why);
    }
}
