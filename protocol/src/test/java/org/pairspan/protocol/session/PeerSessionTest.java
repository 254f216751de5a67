package org.pairspan.protocol.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.heartbeat.LinkReason;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.padding.PaddingMode;
import org.pairspan.protocol.padding.PaddingSettings;
import org.pairspan.protocol.pathmtu.PathMtuState;
import org.pairspan.protocol.reliable.ReliableSender;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropReason;

class PeerSessionTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MS = SessionPair.MS;

    private final SessionPair pair = new SessionPair(PaddingSettings.OFF, 1);

    private void receive(SessionEnd end, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        end.datagrams++;
        end.session.onControl(new UnsafeBuffer(bytes), 0, bytes.length, pair.nowNs);
    }

    private static void assertLink(LinkState state, LinkReason reason, SessionEnd end) {
        assertEquals(state, end.session.telemetry().link().state());
        assertEquals(reason, end.session.telemetry().link().reason());
    }

    @Test
    void twoSessionsFindEachOtherTheirDistanceAndThePathWithinAFewRoundTrips() {
        assertEquals(SessionTelemetry.UNKNOWN, pair.left.session.telemetry().smoothedRttNs());
        pair.run(200 * MS);
        for (SessionEnd end : List.of(pair.left, pair.right)) {
            SessionTelemetry shown = end.session.telemetry();
            assertLink(LinkState.UP, LinkReason.FIRST_CONTACT, end);
            assertEquals(PathMtuState.SEARCH_COMPLETE, shown.pathMtuState());
            assertEquals(1500, shown.pathMtu());
            assertEquals(List.of(1280, 1500), end.pathMtus);
            assertTrue(shown.smoothedRttNs() >= 20 * MS && shown.smoothedRttNs() <= 24 * MS, () -> "RTT " + shown.smoothedRttNs());
            assertTrue(shown.minimumRttNs() >= 20 * MS);
            assertEquals(0, end.drops.total());
        }
        assertEquals(1, pair.left.exchanges, "the client exchanges keys");
        assertEquals(0, pair.right.exchanges);
    }

    @Test
    void anIdleTunnelCostsAFewPacketsASecond() {
        pair.run(SECOND);
        long before = pair.packets;
        pair.run(100 * SECOND);
        assertTrue(pair.packets - before <= 1_000, () -> "packets: " + (pair.packets - before));
    }

    @Test
    void aCutPathIsDownAtBothEndsWithinFourSecondsAndUpAgainWithinOne() {
        pair.run(SECOND);
        pair.cut = true;
        pair.run(4 * SECOND + 100 * MS);
        assertLink(LinkState.DOWN, LinkReason.SILENCE, pair.left);
        assertLink(LinkState.DOWN, LinkReason.SILENCE, pair.right);
        pair.run(60 * SECOND);
        assertEquals(1500, pair.left.session.pathMtu(), "a dead path is no black hole");
        pair.cut = false;
        pair.run(SECOND + 100 * MS);
        assertEquals(LinkState.UP, pair.left.session.telemetry().link().state());
        assertEquals(LinkState.UP, pair.right.session.telemetry().link().state());
        assertEquals(1, pair.left.session.telemetry().timesDown());
    }

    @Test
    void aNodeThatStopsIsDownAtItsPeerAtOnce() {
        pair.run(SECOND);
        pair.left.session.close();
        for (long end = pair.nowNs + 100 * MS; pair.nowNs < end; pair.nowNs += MS) {
            pair.right.session.doWork(pair.nowNs);
        }
        pair.run(MS);
        assertLink(LinkState.DOWN, LinkReason.PEER_CLOSING, pair.right);
        assertEquals(AlertCode.CLOSE_NOTIFY, pair.right.alerts.getFirst().code());
    }

    @Test
    void aPathThatNarrowsIsLeftForTheBaseSizeAndReported() {
        pair.run(SECOND);
        pair.carries = 1400;
        pair.run(60 * SECOND);
        assertTrue(pair.left.session.pathMtu() > 1392 && pair.left.session.pathMtu() <= 1400);
        assertEquals(1, pair.left.session.telemetry().blackHoles());
        assertEquals(LinkState.UP, pair.left.session.telemetry().link().state());
    }

    @Test
    void aPathToAnotherAddressIsConfirmedAtOnce() {
        pair.run(SECOND);
        pair.carries = 1400;
        pair.left.session.onPathChange(pair.nowNs);
        assertEquals(1500, pair.left.session.pathMtu());
        pair.run(3 * SECOND + 100 * MS);
        assertTrue(pair.left.session.pathMtu() <= 1400);
    }

    @Test
    void whereDatagramsCarryLessAfterAMoveTheReliableClassGivesUpWhatIsTooLong() {
        ReliableSender sender = pair.left.session.reliableSender();
        sender.canSend(pair.nowNs);
        pair.run(SECOND);
        sender.accept(SegmentHeader.WHOLE, 0, new UnsafeBuffer(new byte[100]), 0, 100, pair.nowNs);
        pair.left.session.onPathChange(pair.nowNs);
        assertEquals(1, sender.unconfirmed(), "as wide as before");
        pair.left.longerHeader = 20;
        pair.left.session.onPathChange(pair.nowNs);
        assertEquals(0, sender.unconfirmed());
        assertEquals(1, sender.counters().abandoned());
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "0b", "ff", "0100", "0600", "0a000104", "04", "0400000000000000", "09", "0909000000000000",
        "080000000000000000000000"})
    void whatIsUnknownOrMalformedIsCountedAndThePeerIsTold(String hex) {
        pair.run(SECOND);
        receive(pair.left, hex);
        assertEquals(1, pair.left.drops.get(DropReason.CONTROL_MALFORMED));
        pair.run(SECOND);
        assertEquals(AlertCode.UNEXPECTED_MESSAGE, pair.right.alerts.getFirst().code());
        assertEquals(1, pair.right.alerts.size());
    }

    @Test
    void aMalformedAlertIsCountedAndNotAnswered() {
        pair.run(SECOND);
        receive(pair.left, "0500");
        assertEquals(1, pair.left.drops.get(DropReason.CONTROL_MALFORMED));
        pair.run(SECOND);
        assertEquals(List.of(), pair.right.alerts);
        assertNull(pair.right.session.telemetry().lastAlert());
    }

    @Test
    void aFloodIsDroppedCountedAndToldButAcknowledgementsPass() {
        pair.run(SECOND);
        for (int i = 0; i < 10_000; i++) {
            receive(pair.left, "0701");
        }
        assertEquals(256, pair.left.handshakeMessages);
        assertEquals(10_000 - 256, pair.left.drops.get(DropReason.CONTROL_FLOOD));
        pair.run(SECOND);
        assertEquals(AlertCode.RESOURCE_LIMIT, pair.right.alerts.getFirst().code());
        assertEquals(10_000 - 256, pair.right.alerts.getFirst().occurrences());
        pair.run(SECOND);
        receive(pair.left, "0701");
        assertEquals(257, pair.left.handshakeMessages);
    }

    @Test
    void whatTheNodeRaisesReachesThePeer() {
        pair.run(SECOND);
        for (int i = 0; i < 1_000; i++) {
            pair.left.session.raise(AlertCode.ACCESS_DENIED);
        }
        pair.run(SECOND);
        assertEquals(AlertCode.ACCESS_DENIED, pair.right.session.telemetry().lastAlert().code());
        assertEquals(1_000, pair.right.session.telemetry().lastAlert().occurrences());
        assertEquals(1, pair.right.session.telemetry().alertsReceived(AlertCode.ACCESS_DENIED));
        assertEquals(1, pair.left.session.telemetry().alertsSent(AlertCode.ACCESS_DENIED));
    }

    @Test
    void atAConstantRateNothingGoesBeyondItForLongWhateverIsSaid() {
        SessionPair padded = new SessionPair(new PaddingSettings(PaddingMode.CONSTANT_RATE, 0, 10 * MS), 1);
        padded.run(SECOND);
        long before = padded.packets;
        padded.run(100 * SECOND);
        assertEquals(20_000, padded.packets - before, 1_100);
        assertTrue(padded.left.session.telemetry().dummies() > 9_000);
        assertTrue(padded.left.session.telemetry().paddingBytes() > 9_000L * 1_000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void underLossTheLinkStaysUpAndTheRightPathMtuIsFound(long seed) {
        SessionPair lossy = new SessionPair(PaddingSettings.OFF, seed);
        lossy.loss = 0.05;
        lossy.run(700 * SECOND);
        assertEquals(LinkState.UP, lossy.left.session.telemetry().link().state(), () -> "seed " + seed);
        assertEquals(0, lossy.left.session.telemetry().timesDown(), () -> "seed " + seed);
        assertTrue(lossy.left.session.pathMtu() > 1280, () -> "seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whereMostPacketsAreLostNoSizeIsToBlame(long seed) {
        SessionPair lossy = new SessionPair(PaddingSettings.OFF, seed);
        lossy.loss = 0.6;
        lossy.run(120 * SECOND);
        assertFalse(lossy.left.pathMtus.contains(576) || lossy.right.pathMtus.contains(576), () -> "seed " + seed);
    }

    @Test
    void noSequenceOfMessagesDoesHarm() {
        long seed = 20261125;
        Random random = new Random(seed);
        for (int i = 0; i < 300_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(60)];
            random.nextBytes(bytes);
            bytes[0] = (byte) (random.nextInt(20) == 0 ? bytes[0] : random.nextInt(12));
            pair.left.datagrams++;
            pair.left.session.onControl(new UnsafeBuffer(bytes), 0, bytes.length, pair.nowNs);
            pair.nowNs += random.nextInt(3_000_000);
            pair.left.session.doWork(pair.nowNs);
        }
        assertTrue(pair.left.drops.get(DropReason.CONTROL_MALFORMED) > 1_000, () -> "seed " + seed);
    }
}
