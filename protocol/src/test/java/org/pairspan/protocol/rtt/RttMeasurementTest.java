package org.pairspan.protocol.rtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RttMeasurementTest {
    private static final long MS = 1_000_000L;
    private static final long SECOND = 1_000 * MS;

    private final RttMeasurement rtt = new RttMeasurement();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[64]);
    private final List<String> sent = new ArrayList<>();

    @Test
    void theMessagesHaveTheirBytes() {
        doWork(0x0102_0304_0506_0708L);
        assertEquals(List.of("03000102030405060708"), sent);
        receive("0300fffefdfcfbfaf9f8", 1);
        doWork(0x0102_0304_0506_0709L);
        assertEquals("0301fffefdfcfbfaf9f8", sent.get(1));
    }

    @Test
    void itAsksEachSecondAndMoreOftenWhileTrafficFlows() {
        for (long ms = 0; ms < 5_000; ms++) {
            doWork(ms * MS);
        }
        assertEquals(5, sent.size());
        for (long ms = 5_000; ms < 10_000; ms++) {
            rtt.onTraffic();
            doWork(ms * MS);
        }
        assertEquals(55, sent.size(), 1);
        assertEquals(rtt.requests(), sent.size());
    }

    @Test
    void theFirstSampleIsTheMeanAndHalfOfItTheVariation() {
        assertEquals(0, rtt.smoothedNs());
        assertEquals(SECOND, rtt.rtoNs(0), "before the first sample");
        reply(100 * MS, 40 * MS);
        assertEquals(40 * MS, rtt.smoothedNs());
        assertEquals(20 * MS, rtt.variationNs());
        assertEquals(40 * MS, rtt.minimumNs());
        assertEquals(121 * MS, rtt.rtoNs(0), "with the millisecond that an acknowledgement may wait");
        assertEquals(242 * MS, rtt.rtoNs(1));
        assertEquals(484 * MS, rtt.rtoNs(2));
        assertEquals(SECOND, rtt.rtoNs(4));
        assertEquals(SECOND, rtt.rtoNs(Integer.MAX_VALUE));
    }

    @Test
    void itKnowsWhetherNearlyAllOfTheLastRequestsWereAnswered() {
        assertFalse(rtt.passes());
        rtt.onSample(40 * MS, 0);
        assertFalse(rtt.passes(), "an acknowledgement answers no request");
        for (int second = -20; second < 0; second++) {
            doWork(second * SECOND);
        }
        answer(17);
        assertFalse(rtt.passes(), "five before it are open");
        assertEquals(-3 * SECOND, rtt.answeredNs());
        answer(16);
        answer(15);
        answer(14);
        assertFalse(rtt.passes());
        assertEquals(-3 * SECOND, rtt.answeredNs(), "late replies to older ones");
        answer(13);
        assertTrue(rtt.passes(), "one before it is open, and two may be on their way");
        answer(19);
        assertFalse(rtt.passes(), "one more was lost");
        answer(18);
        assertTrue(rtt.passes());
    }

    private void answer(int request) {
        receive("0301" + sent.get(request).substring(4), SECOND);
    }

    @Test
    void laterSamplesWeighAnEighthAndAQuarter() {
        rtt.onSample(40 * MS, 0);
        rtt.onSample(80 * MS, 0);
        assertEquals(25 * MS, rtt.variationNs());
        assertEquals(45 * MS, rtt.smoothedNs());
        assertEquals(80 * MS, rtt.latestNs());
        assertEquals(40 * MS, rtt.minimumNs());
        assertEquals(2, rtt.samples());
    }

    @Test
    void theTimeoutKeepsWithinItsBounds() {
        for (int i = 0; i < 100; i++) {
            rtt.onSample(100_000, 0);
        }
        assertEquals(RttMeasurement.MIN_RTO_NS, rtt.rtoNs(0));
        for (int i = 0; i < 100; i++) {
            rtt.onSample(3 * SECOND, 0);
        }
        assertTrue(rtt.rtoNs(0) > 3 * SECOND, "a path that is that long is not given up early");
        assertTrue(rtt.rtoNs(16) <= 6 * SECOND);
    }

    @Test
    void theMinimumIsForgottenWithTime() {
        rtt.onSample(10 * MS, 0);
        for (long s = 1; s < 10; s++) {
            rtt.onSample(20 * MS, s * SECOND);
        }
        assertEquals(10 * MS, rtt.minimumNs());
        for (long s = 10; s < 21; s++) {
            rtt.onSample(20 * MS, s * SECOND);
        }
        assertEquals(20 * MS, rtt.minimumNs());
        rtt.onSample(30 * MS, 10_000 * SECOND);
        assertEquals(30 * MS, rtt.minimumNs(), "after a long silence at once");
    }

    @Test
    void aReplyToNothingAskedIsIgnored() {
        receive("03010000000000000001", 5);
        doWork(7);
        receive("03010000000000000006", 9);
        receive("03010000000000000008", 9);
        assertEquals(3, rtt.ignored());
        receive("03010000000000000007", 9);
        assertEquals(2, rtt.latestNs());
        receive("03010000000000000007", 12);
        assertEquals(4, rtt.ignored(), "each token counts once");
        assertEquals(2, rtt.latestNs());
    }

    @Test
    void aReplyThatIsTooOldIsIgnored() {
        for (int request = 0; request < 9; request++) {
            doWork(request * SECOND);
        }
        receive("0301" + "0000000000000000", 8 * SECOND);
        assertEquals(1, rtt.ignored());
        receive("0301" + HexFormat.of().toHexDigits(SECOND), 8 * SECOND + 1);
        assertEquals(7 * SECOND + 1, rtt.latestNs());
    }

    @Test
    void aClockThatJumpsDoesNoHarm() {
        doWork(10 * SECOND);
        receive("0301" + HexFormat.of().toHexDigits(10 * SECOND), 3 * SECOND);
        assertEquals(0, rtt.smoothedNs());
        doWork(3 * SECOND);
        assertEquals(2, sent.size(), "it asks at once after a jump back");
        rtt.onSample(Long.MAX_VALUE, 0);
        rtt.onSample(Long.MIN_VALUE, 0);
        rtt.onSample(0, 0);
        assertEquals(0, rtt.samples());
    }

    @Test
    void noMessageBreaksIt() {
        for (long seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(16)];
            random.nextBytes(bytes);
            message.putBytes(0, bytes);
            if (random.nextBoolean()) {
                message.putByte(0, (byte) 3);
            }
            rtt.onMessage(message, 0, bytes.length, random.nextLong());
            if (random.nextInt(10) == 0) {
                doWork(random.nextLong());
            }
        }
        assertEquals(0, rtt.samples());
    }

    private void reply(long atNs, long afterNs) {
        doWork(atNs);
        receive("0301" + HexFormat.of().toHexDigits(atNs), atNs + afterNs);
    }

    private void receive(String hex, long nowNs) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        message.putBytes(3, bytes);
        rtt.onMessage(message, 3, bytes.length, nowNs);
    }

    private void doWork(long nowNs) {
        rtt.doWork(nowNs, (buffer, offset, length) -> {
            byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            sent.add(HexFormat.of().formatHex(bytes));
            return true;
        });
    }
}
