package org.pairspan.protocol.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropReason;

class ReliableReceiverTest {
    private static final int WINDOW = 128;
    private static final int PIECE = 100;
    private static final int FIRST = ReliableSender.FIRST_NUMBER;
    private static final int DUPLICATE = -DropReason.PIECE_DUPLICATE.id();
    private static final int REFUSED = -DropReason.PIECE_REFUSED.id();
    private static final long MS = 1_000_000L;

    private final ReliableReceiver receiver = new ReliableReceiver(0x1122, WINDOW, PIECE, new RttMeasurement());
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PIECE + 1]);
    private final List<Integer> delivered = new ArrayList<>();
    private final List<String> sent = new ArrayList<>();
    private long nowNs;

    @Test
    void piecesInOrderAreDeliveredAtOnceAndAcknowledgedEachSixteenth() {
        for (int i = 0; i < 40; i++) {
            assertEquals(0, piece(1, FIRST + i));
            doWork();
        }
        assertEquals(40, delivered.size());
        assertEquals(2, sent.size());
        assertEquals("020101000000000000001122" + "ffffff10" + "00000080" + "00640000" + "ffffff0f" + "00000000", sent.get(0));
        assertEquals(0, receiver.memory());
    }

    @Test
    void aSinglePieceIsAcknowledgedAfterAMillisecondAtMost() {
        assertEquals(Long.MAX_VALUE, receiver.dueInNs(nowNs));
        piece(1, FIRST);
        assertEquals(MS, receiver.dueInNs(nowNs));
        nowNs += MS - 1;
        doWork();
        assertEquals(0, sent.size());
        nowNs++;
        doWork();
        assertEquals("020101000000000000001122" + "ffffff01" + "00000080" + "00640000" + "ffffff00" + "000f4240", sent.get(0));
        assertEquals(Long.MAX_VALUE, receiver.dueInNs(nowNs));
    }

    @Test
    void aGapIsToldAtOnceAndSoIsItsEnd() {
        piece(1, FIRST);
        piece(1, FIRST + 2);
        doWork();
        assertEquals("020101010000000000001122" + "ffffff01" + "00000080" + "00640000" + "ffffff02" + "00000000" + "0000000000000002",
            sent.get(0));
        assertEquals(List.of(FIRST), delivered);
        piece(1, FIRST + 1);
        assertEquals(List.of(FIRST, FIRST + 1, FIRST + 2), delivered);
        doWork();
        assertEquals(2, sent.size());
        assertTrue(sent.get(1).startsWith("02010100"), "no bitmap any more");
    }

    @Test
    void aPieceThatComesTwiceIsDeliveredOnce() {
        piece(1, FIRST);
        assertEquals(DUPLICATE, piece(1, FIRST));
        piece(1, FIRST + 5);
        assertEquals(DUPLICATE, piece(1, FIRST + 5));
        assertEquals(List.of(FIRST), delivered);
        assertEquals(2, receiver.duplicates());
    }

    @Test
    void aPieceBeyondTheWindowIsRefused() {
        piece(1, FIRST);
        assertEquals(0, piece(1, FIRST + WINDOW));
        assertEquals(REFUSED, piece(1, FIRST + WINDOW + 1));
        assertEquals(1, receiver.refused());
    }

    @Test
    void aPieceThatIsNoneIsRefused() {
        assertEquals(REFUSED, receiver.onPiece(header(1, FIRST), payload, 0, 0, nowNs, this::deliver));
        assertEquals(REFUSED, receiver.onPiece(SegmentHeader.encode(SegmentHeader.WHOLE, 1, 0, FIRST), payload, 0, 1, nowNs, this::deliver));
        assertEquals(REFUSED, receiver.onPiece(SegmentHeader.encode(0x81, 1, 0, FIRST), payload, 0, 1, nowNs, this::deliver));
        assertEquals(0, receiver.streams());
        assertEquals(Long.MAX_VALUE, receiver.dueInNs(nowNs), "and not answered");
    }

    @Test
    void aPieceThatIsTooLongIsRefusedAndItsSenderToldHowLongTheyMayBe() {
        assertEquals(REFUSED, receiver.onPiece(header(4, FIRST), payload, 0, PIECE + 1, nowNs, this::deliver));
        assertEquals(0, receiver.streams());
        doWork();
        assertEquals("020204000000000000001122" + "00000000" + "00000080" + "00640000" + "00000000" + "00000000", sent.getFirst());
        piece(4, FIRST);
        assertEquals(REFUSED, receiver.onPiece(header(4, FIRST + 1), payload, 0, PIECE + 1, nowNs, this::deliver));
        assertEquals(0, receiver.dueInNs(nowNs));
        doWork();
        assertTrue(sent.getLast().startsWith("020104000000000000001122" + "ffffff01" + "00000080" + "00640000"), sent::getLast);
    }

    @Test
    void onANarrowPathTheBitmapIsCutToWhatItCarries() {
        int window = 8192;
        ReliableReceiver wide = new ReliableReceiver(1, window, PIECE, new RttMeasurement());
        for (int i = 1; i < window; i += 2) {
            wide.onPiece(header(1, FIRST + i), payload, 0, 1, nowNs, this::deliver);
        }
        List<Integer> lengths = new ArrayList<>();
        wide.doWork(nowNs, (message, offset, length) -> lengths.add(length));
        wide.messageCapacity(495);
        wide.onPiece(header(1, FIRST + 1), payload, 0, 1, nowNs, this::deliver);
        wide.doWork(nowNs, (message, offset, length) -> {
            assertTrue(Acknowledgement.isWellFormed(message, offset, length));
            return lengths.add(length);
        });
        assertEquals(List.of(32 + 1024, 32 + 57 * 8), lengths);
    }

    @Test
    void aStreamCanBeginOnlyWhereItCanBeWhole() {
        assertEquals(REFUSED, piece(9, FIRST + WINDOW));
        doWork();
        assertEquals("020209000000000000001122" + "00000000" + "00000080" + "00640000" + "00000000" + "00000000", sent.get(0));
        assertEquals(REFUSED, piece(9, FIRST - 1));
        assertEquals(0, piece(9, FIRST + WINDOW - 1), "out of order, but within the first window");
        assertEquals(0, delivered.size());
    }

    @Test
    void aNewerIncarnationReplacesTheOneKnownAndAnOlderOneIsOver() {
        piece(0xFF, FIRST);
        piece(0xFF, FIRST + 7);
        assertEquals(0, piece(0x00, FIRST), "255 is before 0");
        assertEquals(REFUSED, piece(0xFF, FIRST + 1));
        assertEquals(0, piece(0x00, FIRST + 1));
        assertEquals(List.of(FIRST, FIRST, FIRST + 1), delivered);
        doWork();
        assertTrue(sent.get(0).startsWith("02010000"), "what was held of the old one is forgotten");
        assertEquals(2, receiver.streams());
    }

    @Test
    void aQuestionIsAnsweredAtOnce() {
        payload.putInt(0, 0x0005_0002);
        receiver.onMessage(payload, 0, 4, nowNs);
        doWork();
        assertTrue(sent.get(0).startsWith("02020500"), "no stream, of the incarnation asked for: " + sent.get(0));
        piece(6, FIRST);
        payload.putInt(0, 0x0006_0002);
        receiver.onMessage(payload, 0, 4, nowNs);
        doWork();
        assertTrue(sent.get(1).startsWith("02010600"), sent.get(1));
    }

    @Test
    void anAcknowledgementThatCouldNotBeSentIsSentNextTime() {
        piece(1, FIRST + 1);
        assertEquals(0, receiver.doWork(nowNs, (message, offset, length) -> false));
        doWork();
        assertEquals(1, sent.size());
    }

    @Test
    void noPieceAndNoMessageBreaksIt() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            for (int i = 0; i < 200; i++) {
                byte[] bytes = new byte[random.nextInt(60)];
                random.nextBytes(bytes);
                UnsafeBuffer message = new UnsafeBuffer(bytes);
                if (bytes.length > 0 && random.nextBoolean()) {
                    message.putByte(0, (byte) 2);
                }
                receiver.onMessage(message, 0, bytes.length, nowNs);
                int number = random.nextBoolean() ? random.nextInt() : FIRST + random.nextInt(2 * WINDOW);
                int flags = random.nextBoolean() ? SegmentHeader.RELIABLE : random.nextInt();
                long header = SegmentHeader.encode(flags, random.nextInt(), random.nextInt(), number);
                receiver.onPiece(header, payload, 0, random.nextInt(PIECE), nowNs, this::deliver);
                nowNs += random.nextInt(-1_000, 100_000);
                if (random.nextBoolean()) {
                    doWork();
                }
            }
        }
        assertTrue(receiver.memory() <= WINDOW * 128L);
        sent.forEach(hex -> assertTrue(hex.length() <= 2 * (Acknowledgement.HEADER_LENGTH + WINDOW / 8)));
    }

    private int piece(int incarnation, int number) {
        payload.putInt(0, number);
        return receiver.onPiece(header(incarnation, number), payload, 0, PIECE, nowNs, this::deliver);
    }

    private static long header(int incarnation, int number) {
        return SegmentHeader.encode(SegmentHeader.RELIABLE | SegmentHeader.WHOLE, incarnation, 0, number);
    }

    private void deliver(long header, DirectBuffer piece, int offset, int length) {
        delivered.add(piece.getInt(offset));
    }

    private void doWork() {
        receiver.doWork(nowNs, (message, offset, length) -> {
            byte[] bytes = new byte[length];
            message.getBytes(offset, bytes);
            sent.add(HexFormat.of().formatHex(bytes));
            return true;
        });
    }
}
