package org.pairspan.protocol.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final List<String> sent = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();
    private boolean canSend = true;
    private long datagrams;
    private long now = 5 * SECOND;
    private Heartbeat heartbeat = heartbeatFrom(now);

    private Heartbeat heartbeatFrom(long nowNs) {
        return new Heartbeat(HeartbeatSettings.DEFAULT, () -> datagrams, (before, status) ->
            changes.add(before + "-" + status.state() + " " + status.reason()), nowNs);
    }

    private void turn(long nowNs) {
        now = nowNs;
        heartbeat.doWork(nowNs, (message, offset, length) -> {
            byte[] bytes = new byte[length];
            message.getBytes(offset, bytes);
            if (canSend) {
                sent.add(HexFormat.of().formatHex(bytes));
            }
            return canSend;
        });
    }

    /** Turns of a millisecond each, as the data thread makes them. */
    private void turnFor(long durationNs) {
        for (long end = now + durationNs; now - end < 0;) {
            turn(now + MS);
        }
    }

    private boolean receive(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        datagrams++;
        return heartbeat.onMessage(new UnsafeBuffer(bytes), 0, bytes.length, now);
    }

    private void assertLink(LinkState state, LinkReason reason) {
        assertEquals(state + " " + reason, heartbeat.status().state() + " " + heartbeat.status().reason());
    }

    private void comeUp() {
        turn(now);
        datagrams++;
        turn(now);
        assertLink(LinkState.UP, LinkReason.FIRST_CONTACT);
        sent.clear();
        changes.clear();
    }

    @Test
    void theFirstRequestGoesAtOnceAndIsTheseBytes() {
        turn(now);
        assertEquals(List.of("0401000000000001"), sent);
        assertLink(LinkState.UNKNOWN, LinkReason.CREATED);
    }

    @Test
    void aRequestIsAnsweredWithItsCounterAndIsLife() {
        turn(now);
        sent.clear();
        assertTrue(receive("04010000fffffffe"));
        turn(now);
        assertEquals(List.of("04020100fffffffe"), sent);
        assertLink(LinkState.UP, LinkReason.FIRST_CONTACT);
        assertEquals(1, heartbeat.requestsReceived());
        assertEquals(1, heartbeat.repliesSent());
    }

    @Test
    void aPeerThatNeverAnswersIsUnknownForThreeIntervalsAndThenDown() {
        turn(now);
        turnFor(3 * SECOND - MS);
        assertLink(LinkState.UNKNOWN, LinkReason.CREATED);
        turnFor(MS);
        assertLink(LinkState.DOWN, LinkReason.SILENCE);
        assertEquals(List.of("UNKNOWN-DOWN SILENCE"), changes);
    }

    @Test
    void aPeerThatFallsSilentIsSuspectAfterTwoIntervalsAndDownAfterFour() {
        comeUp();
        turnFor(2 * SECOND - MS);
        assertLink(LinkState.UP, LinkReason.FIRST_CONTACT);
        turnFor(MS);
        assertLink(LinkState.SUSPECT, LinkReason.SILENCE);
        turnFor(2 * SECOND - MS);
        assertLink(LinkState.SUSPECT, LinkReason.SILENCE);
        turnFor(MS);
        assertLink(LinkState.DOWN, LinkReason.SILENCE);
        assertEquals(4 * SECOND, heartbeat.downAfterNs());
        assertEquals(1, heartbeat.timesDown());
        assertEquals(List.of("UP-SUSPECT SILENCE", "SUSPECT-DOWN SILENCE"), changes);
        turnFor(10 * SECOND);
        assertEquals(14, sent.size(), "a peer that is down is still asked, once an interval");
    }

    @ParameterizedTest(name = "after {0} s of silence: {1}")
    @CsvSource({"1, UP", "2, UP", "3, UP", "5, UP", "100, UP"})
    void theFirstAuthenticDatagramBringsALinkUpAgain(int silentSeconds, LinkState expected) {
        comeUp();
        turnFor(silentSeconds * SECOND);
        datagrams++;
        turn(now);
        assertEquals(expected, heartbeat.status().state());
    }

    @Test
    void trafficIsLifeSoThatNothingIsAsked() {
        comeUp();
        for (int i = 0; i < 100; i++) {
            turnFor(900 * MS);
            datagrams++;
            turn(now);
        }
        assertEquals(List.of(), sent);
        assertEquals(List.of(), changes);
    }

    @Test
    void theReplyToTheNewestRequestIsToldApartFromOtherTraffic() {
        comeUp();
        turnFor(4 * SECOND);
        assertEquals("0401000000000005", sent.get(3));
        receive("0402010000000004");
        turn(now);
        assertLink(LinkState.UP, LinkReason.TRAFFIC);
        turnFor(4 * SECOND);
        receive("0402010000000009");
        turn(now);
        assertLink(LinkState.UP, LinkReason.HEARTBEAT_REPLY);
        assertEquals(1, heartbeat.repliesReceived());
    }

    @Test
    void withoutKeysTheReasonSaysThatNothingCouldBeSent() {
        canSend = false;
        turn(now);
        turnFor(4 * SECOND);
        assertLink(LinkState.DOWN, LinkReason.NOT_SENT);
        assertEquals(0, heartbeat.requestsSent());
    }

    @Test
    void aPeerThatClosesIsDownAtOnceAndItsLateDatagramsDoNotRaiseIt() {
        comeUp();
        heartbeat.onPeerClosing(now);
        assertLink(LinkState.DOWN, LinkReason.PEER_CLOSING);
        datagrams++;
        turnFor(500 * MS);
        assertLink(LinkState.DOWN, LinkReason.PEER_CLOSING);
        turnFor(500 * MS);
        datagrams++;
        turn(now);
        assertLink(LinkState.UP, LinkReason.TRAFFIC);
    }

    @Test
    void aPeerThatHearsNothingOfUsIsDownAlthoughItIsHeard() {
        comeUp();
        for (int i = 0; i < 3; i++) {
            assertLink(LinkState.UP, LinkReason.FIRST_CONTACT);
            receive("0401000000000001");
            turnFor(SECOND);
        }
        assertLink(LinkState.DOWN, LinkReason.PEER_HEARS_NOTHING);
        receive("0401000000000001");
        turn(now);
        assertLink(LinkState.DOWN, LinkReason.PEER_HEARS_NOTHING);
        receive("0401010000000001");
        turn(now);
        assertLink(LinkState.UP, LinkReason.TRAFFIC);
    }

    @Test
    void thatAPeerHearsNothingHoldsForTwoIntervals() {
        comeUp();
        for (int i = 0; i < 4; i++) {
            receive("0401000000000001");
            turnFor(SECOND);
        }
        assertLink(LinkState.DOWN, LinkReason.PEER_HEARS_NOTHING);
        turnFor(SECOND);
        datagrams++;
        turn(now);
        assertLink(LinkState.UP, LinkReason.TRAFFIC);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "04", "04010000000000", "0400000000000001", "0403000000000001", "0401020000000001",
        "0401000100000001", "0501000000000001"})
    void whatIsMalformedIsRefusedAndChangesNothing(String hex) {
        turn(now);
        sent.clear();
        assertFalse(receive(hex));
        datagrams--;
        turn(now);
        assertEquals(List.of(), sent);
        assertLink(LinkState.UNKNOWN, LinkReason.CREATED);
    }

    @Test
    void aFloodOfRequestsIsAnsweredSixteenTimesAnIntervalAtTheMost() {
        comeUp();
        for (int i = 0; i < 1_000; i++) {
            receive("0401010000000001");
            turnFor(MS);
        }
        assertTrue(sent.size() <= 17, () -> "replies: " + sent.size());
    }

    @Test
    void aProcessThatWasSuspendedAsksBeforeItJudges() {
        comeUp();
        turn(now + 3_600 * SECOND);
        assertLink(LinkState.UP, LinkReason.FIRST_CONTACT);
        assertEquals(1, sent.size());
        datagrams++;
        turn(now + MS);
        assertEquals(List.of(), changes);
    }

    @Test
    void theClockMayPassItsLargestValue() {
        now = Long.MAX_VALUE - SECOND;
        heartbeat = heartbeatFrom(now);
        comeUp();
        turnFor(4 * SECOND);
        assertLink(LinkState.DOWN, LinkReason.SILENCE);
    }

    @Test
    void twoEndsOfAnIdleTunnelSpendTwoRequestsAndTwoRepliesAnIntervalAtTheMost() {
        HeartbeatPair pair = new HeartbeatPair();
        pair.run(100 * SECOND, 0, 1);
        assertEquals(LinkState.UP, pair.left.status().state());
        assertEquals(LinkState.UP, pair.right.status().state());
        assertTrue(pair.messages <= 4 * 100, () -> "messages: " + pair.messages);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void withLossAnIdleTunnelComesUpAgainAfterEachTimeItWentDown(long seed) {
        HeartbeatPair pair = new HeartbeatPair();
        pair.run(300 * SECOND, 0.4, seed);
        pair.run(20 * SECOND, 0, seed);
        assertEquals(LinkState.UP, pair.left.status().state(), () -> "seed " + seed);
        assertEquals(LinkState.UP, pair.right.status().state(), () -> "seed " + seed);
    }

    @Test
    void noSequenceOfBytesDoesHarm() {
        long seed = 20261121;
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = 4;
            }
            datagrams++;
            int length = bytes.length;
            boolean taken = heartbeat.onMessage(new UnsafeBuffer(bytes), 0, length, now);
            assertTrue(!taken || length >= 8, () -> "seed " + seed);
            turn(now + random.nextInt(1_000_000_000));
            sent.clear();
            changes.clear();
        }
        assertNotEquals(LinkState.UNKNOWN, heartbeat.status().state());
    }

    @ParameterizedTest
    @CsvSource({"0, 3", "-1, 3", "3600000000001, 3", "1000000000, 0", "1000000000, 101"})
    void settingsOutOfRangeAreRefused(long intervalNs, int misses) {
        assertThrows(IllegalArgumentException.class, () -> new HeartbeatSettings(intervalNs, misses));
    }
}
