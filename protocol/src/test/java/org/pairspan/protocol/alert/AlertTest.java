package org.pairspan.protocol.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<String> sent = new ArrayList<>();
    private final List<ReceivedAlert> heard = new ArrayList<>();
    private final Alert alert = new Alert(heard::add, 0);
    private boolean canSend = true;

    private boolean send(DirectBuffer message, int offset, int length) {
        byte[] bytes = new byte[length];
        message.getBytes(offset, bytes);
        sent.add(HexFormat.of().formatHex(bytes));
        return canSend;
    }

    private boolean receive(String hex, long nowNs) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return alert.onMessage(new UnsafeBuffer(bytes), 0, bytes.length, nowNs);
    }

    @ParameterizedTest
    @CsvSource({"CLOSE_NOTIFY, 0500000000000001, 0", "UNEXPECTED_MESSAGE, 050a000000000001, 10",
        "HANDSHAKE_FAILURE, 0528000000000001, 40", "ACCESS_DENIED, 0531000000000001, 49",
        "ADDRESS_REFUSED, 05c8000000000001, 200", "RESOURCE_LIMIT, 05c9000000000001, 201"})
    void eachAlertIsTheseBytesAndIsReadBack(AlertCode code, String hex, int number) {
        alert.raise(code);
        assertEquals(1, alert.doWork(0, this::send));
        assertEquals(List.of(hex), sent);
        assertEquals(1, alert.sent(code));
        assertTrue(receive(hex, 7));
        assertEquals(new ReceivedAlert(code, 1, 7), alert.last());
        assertEquals(List.of(alert.last()), heard);
        assertEquals(1, alert.received(code));
        assertSame(code, AlertCode.ofCode(number));
    }

    @ParameterizedTest
    @EnumSource
    void everyAlertHasATextAndOneSentenceOfMeaning(AlertCode code) {
        assertTrue(code.text().matches("[a-z_]+"), code::name);
        assertTrue(code.meaning().endsWith(".") && !code.meaning().contains(". "), code::name);
    }

    @Test
    void withNothingRaisedNothingIsSent() {
        assertEquals(0, alert.doWork(0, this::send));
        assertEquals(0, alert.doWork(100 * SECOND, this::send));
        assertNull(alert.last());
    }

    @Test
    void whatHappensAMillionTimesIsSaidOnceASecondWithItsCount() {
        for (int i = 0; i < 1_000_000; i++) {
            alert.raise(AlertCode.ACCESS_DENIED);
        }
        alert.doWork(0, this::send);
        assertEquals(List.of("0531" + "0000" + "000f4240"), sent);
        sent.clear();
        long end = 100 * SECOND;
        for (long now = 0; now < end; now += SECOND / 1_000) {
            alert.raise(AlertCode.ACCESS_DENIED);
            alert.doWork(now, this::send);
        }
        assertTrue(sent.size() <= 100 + Alert.BURST, () -> "alerts: " + sent.size());
    }

    @Test
    void oneThatIsRaisedAllTheTimeLeavesRoomForOthers() {
        for (long now = 0; now < 20 * SECOND; now += SECOND / 100) {
            alert.raise(AlertCode.ACCESS_DENIED);
            alert.raise(AlertCode.RESOURCE_LIMIT);
            alert.raise(AlertCode.UNEXPECTED_MESSAGE);
            alert.doWork(now, this::send);
        }
        Set<String> kinds = new HashSet<>();
        sent.subList(Alert.BURST, sent.size()).forEach(hex -> kinds.add(hex.substring(0, 4)));
        assertEquals(Set.of("0531", "05c9", "050a"), kinds);
    }

    @Test
    void whatCouldNotBeSentIsTriedAgainAtTheSameRate() {
        canSend = false;
        alert.raise(AlertCode.ACCESS_DENIED);
        for (long now = 0; now <= 10 * SECOND; now += SECOND / 1_000) {
            assertEquals(0, alert.doWork(now, this::send));
        }
        assertEquals(Alert.BURST + 10, sent.size());
        canSend = true;
        assertEquals(1, alert.doWork(11 * SECOND, this::send));
        assertEquals(0, alert.doWork(20 * SECOND, this::send));
    }

    @Test
    void closingIsSaidAtOnceAndSeveralTimes() {
        for (int i = 0; i < 10; i++) {
            alert.raise(AlertCode.ACCESS_DENIED);
            alert.doWork(0, this::send);
        }
        sent.clear();
        alert.close(this::send);
        assertEquals(List.of("0500000000000001", "0500000000000001", "0500000000000001"), sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "05", "05310000000000", "0531000100000001", "0531000000000000", "0431000000000001"})
    void whatIsMalformedIsRefusedAndChangesNothing(String hex) {
        assertFalse(receive(hex, 0));
        assertNull(alert.last());
        assertEquals(List.of(), heard);
    }

    @Test
    void aCodeThatIsNotKnownIsCountedAndNothingElse() {
        assertTrue(receive("05ff000000000001", 0));
        assertEquals(1, alert.receivedUnknown());
        assertNull(alert.last());
        assertEquals(0, alert.doWork(0, this::send), "no alert answers an alert");
    }

    @Test
    void theCountIsUnsigned() {
        assertTrue(receive("0531" + "0000" + "ffffffff", 0));
        assertEquals(4_294_967_295L, alert.last().occurrences());
    }

    @Test
    void noSequenceOfBytesDoesHarm() {
        long seed = 20261122;
        Random random = new Random(seed);
        for (int i = 0; i < 300_000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            if (bytes.length > 0) {
                bytes[0] = 5;
            }
            boolean taken = alert.onMessage(new UnsafeBuffer(bytes), 0, bytes.length, i);
            assertTrue(!taken || bytes.length >= 8, () -> "seed " + seed);
            heard.clear();
        }
        assertEquals(0, alert.doWork(0, this::send));
    }
}
