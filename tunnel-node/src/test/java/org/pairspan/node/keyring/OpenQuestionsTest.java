package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.address.IpPrefix;

class OpenQuestionsTest {
    private static final Target PEER = new Target.Owner(IpPrefix.parse("10.2.0.5"));

    private final OpenQuestions questions = new OpenQuestions(new Random(7));
    private final List<Target> asked = new ArrayList<>();
    private long nowNs = Long.MAX_VALUE - 1;
    private int scanned;

    @Test
    void aScanThatGetsNoAnswersKeepsNobodyElseFromBeingAskedFor() {
        scan(OpenQuestions.MOST_ADDRESSES);
        askAll();
        asked.forEach(target -> questions.askLater(target, nowNs));
        asked.clear();

        assertTrue(questions.want(PEER, 0, nowNs));
        askAll();
        assertEquals(List.of(PEER), asked);
    }

    @Test
    void addressesLeaveRoomForMembersNumbers() {
        for (int i = 0; i < 10; i++) {
            scan(OpenQuestions.CAPACITY);
            askAll();
            asked.forEach(target -> questions.askLater(target, nowNs));
            asked.clear();
        }
        for (int number = 1; number <= OpenQuestions.CAPACITY - OpenQuestions.MOST_ADDRESSES; number++) {
            assertTrue(questions.want(new Target.Numbered(number), 0, nowNs), "number " + number);
        }
        assertFalse(questions.want(new Target.Numbered(5_000), 0, nowNs), "bounded");
    }

    @Test
    void whatIsUnderWayOrWasNeverAskedIsNotDropped() {
        assertTrue(questions.want(PEER, 3, nowNs));
        askAll();
        scan(2 * OpenQuestions.CAPACITY);
        assertTrue(questions.isOpen(PEER));
        assertEquals(3, questions.aboveGeneration(PEER));
        questions.close(PEER);
        assertTrue(questions.want(new Target.Owner(IpPrefix.parse("10.2.0.6")), 0, nowNs), "an answer makes room");
        assertFalse(questions.want(new Target.Owner(IpPrefix.parse("10.2.0.7")), 0, nowNs));
    }

    @Test
    void whatNobodyWantsAnyMoreMakesRoom() {
        scan(OpenQuestions.MOST_ADDRESSES);
        assertFalse(questions.want(PEER, 0, nowNs));
        nowNs += OpenQuestions.FRESH.toNanos() + 1;
        askAll();
        assertEquals(List.of(), asked);
        assertTrue(questions.want(PEER, 0, nowNs));
    }

    private void scan(int addresses) {
        for (int i = 0; i < addresses; i++) {
            questions.want(new Target.Owner(IpPrefix.ofBytes(ByteBuffer.allocate(4).putInt(0x0B00_0000 + scanned++).array(), 32)), 0, nowNs);
        }
    }

    private void askAll() {
        questions.askDue(nowNs, (target, aboveGeneration) -> asked.add(target));
    }
}
