package org.pairspan.protocol.pathmtu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathMtuDiscoveryTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long MS = SimulatedPath.MS;

    private static SimulatedPath reached(int carries, int largest) {
        SimulatedPath path = new SimulatedPath(PathMtuSettings.upTo(largest, false), carries, 1);
        path.discovery.onReachable(true, 0);
        return path;
    }

    private static void assertFound(int size, SimulatedPath path) {
        assertEquals(PathMtuState.SEARCH_COMPLETE, path.discovery.state());
        assertEquals(size, path.discovery.size());
    }

    @Test
    void aPathThatCarriesTheLargestSizeIsKnownAfterTwoRoundTrips() {
        SimulatedPath path = reached(1500, 1500);
        path.run(45 * MS);
        assertFound(1500, path);
        assertEquals(List.of(1280, 1500), path.probed);
        assertEquals(List.of(1500), path.results);
        assertEquals(2, path.discovery.probesSent());
        assertEquals(2, path.discovery.probesEchoed());
    }

    @Test
    void nothingIsProbedBeforeThePeerIsReached() {
        SimulatedPath path = new SimulatedPath(PathMtuSettings.upTo(1500, false), 1500, 1);
        path.run(10 * SECOND);
        assertEquals(List.of(), path.probed);
        assertEquals(PathMtuState.BASE, path.discovery.state());
        assertEquals(1280, path.discovery.size());
    }

    @ParameterizedTest(name = "path {0}, allowed {1}: {2} within {3} s")
    @CsvSource({"1492, 1500, 1492, 8", "1420, 1500, 1420, 16", "1281, 1500, 1280, 20", "1280, 1500, 1280, 20", "1499, 1500, 1496, 8",
        "1500, 9000, 1500, 36", "9000, 9000, 9000, 1", "8000, 9000, 7996, 26", "1280, 1280, 1280, 1", "65535, 65535, 65535, 1"})
    void theLargestSizeThatPassesIsFoundToEspsAlignment(int carries, int largest, int found, int seconds) {
        SimulatedPath path = reached(carries, largest);
        path.run(seconds * SECOND);
        assertEquals(PathMtuState.SEARCH_COMPLETE, path.discovery.state());
        int size = path.discovery.size();
        assertTrue(size <= carries && size > found - 8, () -> "size " + size);
    }

    @Test
    void whatTheFirstLinkRefusesIsNotWaitedFor() {
        SimulatedPath path = reached(1500, 9000);
        path.firstLinkTakes = 1500;
        path.run(4 * SECOND);
        assertTrue(path.discovery.size() == 1500, () -> "size " + path.discovery.size());
    }

    @Test
    void aPathThatDoesNotCarryTheBaseSizeIsAnErrorAndTheSmallestIsUsed() {
        SimulatedPath path = reached(1000, 1500);
        path.run(4 * SECOND);
        assertEquals(PathMtuState.ERROR, path.discovery.state());
        assertEquals(576, path.discovery.size());
        path.carries = 1500;
        path.run(6 * SECOND);
        assertFound(1500, path);
        assertEquals(List.of(576, 1280, 1500), path.results);
    }

    @Test
    void aPathThatNarrowsIsABlackHoleForHalfAMinuteAndThreeSecondsAtTheMost() {
        SimulatedPath path = reached(1500, 1500);
        path.run(SECOND);
        path.carries = 1400;
        path.run(33 * SECOND + 100 * MS);
        assertTrue(path.discovery.size() <= 1400, () -> "size " + path.discovery.size());
        assertEquals(1, path.discovery.blackHoles());
        path.run(20 * SECOND);
        assertTrue(path.discovery.size() > 1392 && path.discovery.size() <= 1400, () -> "size " + path.discovery.size());
        assertEquals(PathMtuState.SEARCH_COMPLETE, path.discovery.state());
    }

    @Test
    void aSuspicionIsLookedIntoAtOnce() {
        SimulatedPath path = reached(1500, 1500);
        path.run(SECOND);
        path.carries = 1400;
        path.discovery.confirm(path.nowNs);
        path.run(3 * SECOND + 100 * MS);
        assertEquals(1, path.discovery.blackHoles());
        assertTrue(path.discovery.size() <= 1400, () -> "size " + path.discovery.size());
    }

    @Test
    void aPathThatWidensIsNoticedWithinTenMinutes() {
        SimulatedPath path = reached(1400, 1500);
        path.run(30 * SECOND);
        path.carries = 1500;
        path.run(601 * SECOND);
        assertFound(1500, path);
    }

    @Test
    void whileThePeerIsNotReachedNoSizeIsGivenUp() {
        SimulatedPath path = reached(1500, 1500);
        path.run(SECOND);
        path.discovery.onReachable(false, path.nowNs);
        path.carries = 0;
        path.run(3_600 * SECOND);
        assertFound(1500, path);
        path.carries = 1500;
        int probes = path.probed.size();
        path.discovery.onReachable(true, path.nowNs);
        path.run(SECOND);
        assertFound(1500, path);
        assertEquals(probes + 1, path.probed.size(), "a path that comes back is confirmed at once");
    }

    @ParameterizedTest
    @ValueSource(ints = {2_500, 3_500, 8_000})
    void lateEchoesDoNotMakeASizeTooLarge(int roundTripMs) {
        SimulatedPath path = reached(1500, 1500);
        path.roundTripNs = roundTripMs * MS;
        path.run(4 * path.roundTripNs);
        assertFound(1500, path);
        assertEquals(List.of(1500), path.results);
    }

    @Test
    void whileNothingPassesAtAllNoSizeIsGivenUp() {
        SimulatedPath path = reached(1500, 1500);
        path.loss = 1;
        path.run(60 * SECOND);
        assertEquals(PathMtuState.BASE, path.discovery.state(), "a busy line, not a narrow one");
        path.loss = 0;
        path.run(3 * SECOND);
        assertFound(1500, path);
        path.discovery.confirm(path.nowNs);
        path.loss = 1;
        path.run(60 * SECOND);
        path.loss = 0;
        path.run(3 * SECOND);
        assertFound(1500, path);
        assertEquals(List.of(1500), path.results);
        assertEquals(0, path.discovery.blackHoles());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void withLossNoSizeIsUsedThatDoesNotPassAndTheRightOneIsFoundInTheEnd(long seed) {
        SimulatedPath path = new SimulatedPath(PathMtuSettings.upTo(1500, false), 1500, seed);
        path.discovery.onReachable(true, 0);
        path.loss = 0.1;
        path.run(1_300 * SECOND);
        assertTrue(path.discovery.size() > 1280, () -> "seed " + seed + " size " + path.discovery.size());
        path.loss = 0;
        path.run(700 * SECOND);
        assertFound(1500, path);
    }

    @Test
    void aConfirmedPathCostsOneProbeEveryHalfMinute() {
        SimulatedPath path = reached(1500, 1500);
        path.run(SECOND);
        int before = path.probed.size();
        path.run(300 * SECOND);
        assertEquals(before + 10, path.probed.size(), 1);
    }

    @Test
    void aFixedSizeIsNotProbed() {
        SimulatedPath path = new SimulatedPath(PathMtuSettings.fixed(1400), 1500, 1);
        path.discovery.onReachable(true, 0);
        path.discovery.confirm(0);
        path.run(700 * SECOND);
        assertEquals(PathMtuState.DISABLED, path.discovery.state());
        assertEquals(1400, path.discovery.size());
        assertEquals(List.of(), path.probed);
    }

    @Test
    void probeAndEchoAreTheseBytes() {
        List<String> sent = new ArrayList<>();
        PathMtuDiscovery discovery = new PathMtuDiscovery(PathMtuSettings.upTo(1500, true), size -> { }, 0);
        discovery.onReachable(true, 0);
        byte[] probe = HexFormat.of().parseHex("090105dc0000002a" + "00".repeat(1400));
        assertTrue(discovery.onMessage(new UnsafeBuffer(probe), 0, probe.length, 0));
        discovery.doWork(0, (message, offset, length) -> sent.add(hex(message, offset, length)),
            (message, offset, length, packetLength) -> sent.add(hex(message, offset, length) + " " + packetLength));
        assertEquals(List.of("090205dc0000002a", "0901050000000001 1280"), sent);
    }

    @Test
    void anEchoOfWhatWasNeverSentChangesNothing() {
        SimulatedPath path = reached(1300, 1500);
        path.run(100 * MS);
        for (String lie : List.of("090205dc00000063", "090205db00000002", "09020500ffffffff", "0902000000000003", "0902ffff00000002")) {
            byte[] bytes = HexFormat.of().parseHex(lie);
            path.discovery.onMessage(new UnsafeBuffer(bytes), 0, bytes.length, path.nowNs);
            assertEquals(1280, path.discovery.size(), lie);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "09", "090105dc000000", "090005dc00000000", "090305dc00000000", "080105dc00000000"})
    void whatIsMalformedIsRefused(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        PathMtuDiscovery discovery = new PathMtuDiscovery(PathMtuSettings.upTo(1500, false), size -> { }, 0);
        assertFalse(discovery.onMessage(new UnsafeBuffer(bytes), 0, bytes.length, 0));
    }

    @Test
    void noSequenceOfBytesDoesHarm() {
        long seed = 20261123;
        Random random = new Random(seed);
        PathMtuDiscovery discovery = new PathMtuDiscovery(PathMtuSettings.upTo(9000, false), size ->
            assertTrue(size >= 576 && size <= 9000, () -> "seed " + seed), 0);
        discovery.onReachable(true, 0);
        long now = 0;
        for (int i = 0; i < 300_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = 9;
            }
            discovery.onMessage(new UnsafeBuffer(bytes), 0, bytes.length, now);
            now += random.nextInt(100_000_000);
            discovery.onAnswer(now - random.nextInt(1_000_000_000));
            discovery.doWork(now, (message, offset, length) -> true, (message, offset, length, packetLength) -> {
                assertTrue(packetLength >= 576 && packetLength <= 9000, () -> "seed " + seed);
                return random.nextBoolean();
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"575, 1280, 1500", "576, 575, 1500", "576, 1280, 1279", "576, 1280, 65536"})
    void settingsOutOfOrderAreRefused(int smallest, int base, int largest) {
        assertThrows(IllegalArgumentException.class, () -> new PathMtuSettings(smallest, base, largest));
    }

    private static String hex(DirectBuffer message, int offset, int length) {
        byte[] bytes = new byte[length];
        message.getBytes(offset, bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
