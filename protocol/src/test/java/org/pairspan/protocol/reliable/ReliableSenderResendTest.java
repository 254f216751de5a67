package org.pairspan.protocol.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.pairspan.protocol.transport.SegmentHeader;

/** What the sending end sends again: what was lost, and what a receiver that started anew lacks. */
class ReliableSenderResendTest extends SenderFixture {
    @Test
    void aPieceIsLostWhenALaterOneArrivedAndItDidNotWithinSomeTime() {
        send(3);
        nowNs += MS;
        state(FIRST, 0b100, FIRST + 2);
        sender.resend(nowNs, resender);
        assertEquals(0, resent.size(), "it may be under way still");
        nowNs += MS;
        assertEquals(2, sender.resend(nowNs, resender));
        assertEquals(0x2701_0000_FFFF_FF00L, resent.get(0), "marked as resent");
        assertEquals(0x2701_0000_FFFF_FF01L, resent.get(1));
        assertEquals(2, sender.counters().lost());
        state(FIRST + 3, 0, FIRST + 1);
        assertEquals(0, sender.unconfirmed());
    }

    @Test
    void aTailThatIsLostIsProbedForAndTheRestFollowsAtOnce() {
        send(8);
        nowNs += 1_001 * MS;
        assertEquals(0, sender.resend(nowNs, resender), "not in the turn that finds out");
        assertEquals(2, sender.resend(nowNs, resender));
        assertEquals(1, sender.counters().probes());
        nowNs += 10 * MS;
        Acknowledgement.encodeState(message, (byte) 1, INSTANCE, FIRST + 2, WINDOW, PIECE, new NumberSet(WINDOW), 0);
        Acknowledgement.encodeNewest(message, true, FIRST + 1, 0);
        sender.onMessage(message, 0, Acknowledgement.HEADER_LENGTH, nowNs);
        nowNs += 30 * MS;
        assertEquals(6, sender.resend(nowNs, resender));
    }

    @Test
    void theAcknowledgementOfAnEarlierSendingDoesNotMakeTheFlightLookLost() {
        send(8);
        nowNs += 1_001 * MS;
        sender.resend(nowNs, resender);
        sender.resend(nowNs, resender);
        state(FIRST + 2, 0, FIRST + 1);
        nowNs += MS;
        sender.resend(nowNs, resender);
        assertEquals(2, resent.size());
        assertEquals(0, sender.counters().lost());
    }

    @Test
    void whatCouldNotBeResentIsTriedAgain() {
        send(3);
        nowNs += MS;
        state(FIRST, 0b100, FIRST + 2);
        nowNs += MS;
        assertEquals(0, sender.resend(nowNs, (header, piece, offset, length) -> false));
        assertEquals(2, sender.resend(nowNs, resender));
    }

    @Test
    void aStreamThatTakesNothingIsNotWokenForAllTheTime() {
        send(3);
        for (int ms = 0; ms < 3_000; ms++) {
            nowNs += MS;
            sender.resend(nowNs, (header, piece, offset, length) -> false);
        }
        assertEquals(10 * MS, sender.dueInNs(nowNs));
        assertEquals(2, sender.resend(nowNs + MS, resender), "offered each turn all the same");
    }

    @Test
    void aReceiverThatStartedAnewGetsWhatIsUnconfirmedUnderTheNextIncarnation() {
        send(5);
        state(FIRST + 2, 0, FIRST + 1);
        noStream(1, INSTANCE + 1);
        assertEquals(1, sender.counters().restarts());
        assertEquals(3, sender.resend(nowNs, resender));
        assertEquals(0x0702_0000_FFFF_FF00L, resent.get(0));
        assertEquals(0x0702_0000_FFFF_FF02L, resent.get(2));
        assertEquals(0x0702_0000_FFFF_FF03L, sender.accept(SegmentHeader.WHOLE, 0, payload, 0, 10, nowNs));
    }

    @Test
    void aReceiverThatStartedAnewNearTheBeginningGetsWhatItsPredecessorHeld() {
        send(4);
        state(FIRST, 0b1110, FIRST + 3);
        nowNs += 10 * MS;
        assertEquals(1, sender.resend(nowNs, resender));
        nowNs += 10 * MS;
        state(INSTANCE + 1, FIRST + 1, 0, FIRST);
        nowNs += 10 * MS;
        assertEquals(3, sender.resend(nowNs, resender), "the new one has none of the three");
        assertEquals(0x2701_0000_FFFF_FF01L, resent.get(1), "in the same incarnation, so that it can tell what comes twice");
        state(INSTANCE + 1, FIRST + 4, 0, FIRST + 3);
        assertEquals(0, sender.unconfirmed());
        assertEquals(0, sender.counters().restarts());
    }

    @Test
    void whatBelongsToAMessageDeliveredInPartIsAbandonedThen() {
        for (int i = 0; i < 4; i++) {
            sender.accept(i == 0 ? SegmentHeader.FIRST : i == 3 ? SegmentHeader.LAST : 0, 0, payload, 0, 10, nowNs);
        }
        send(1);
        state(FIRST + 2, 0, FIRST + 1);
        noStream(1, INSTANCE + 1);
        assertEquals(2, sender.counters().abandoned());
        assertEquals(1, sender.resend(nowNs, resender));
        assertEquals(0x0702_0000_FFFF_FF00L, resent.get(0));
    }
}
