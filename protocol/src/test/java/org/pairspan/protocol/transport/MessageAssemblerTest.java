package org.pairspan.protocol.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pairspan.protocol.transport.SegmentHeader.FIRST;
import static org.pairspan.protocol.transport.SegmentHeader.LAST;
import static org.pairspan.protocol.transport.SegmentHeader.NEEDS_CHECKSUM;
import static org.pairspan.protocol.transport.SegmentHeader.RELIABLE;
import static org.pairspan.protocol.transport.SegmentHeader.SUPER;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

class MessageAssemblerTest {
    private static final int LONGEST = 65_535;

    private final DropCounters drops = new DropCounters();
    private final MessageAssembler assembler = new MessageAssembler(LONGEST, drops);

    private record Piece(long header, byte[] content) {
    }

    private boolean take(long header, byte... content) {
        return assembler.onPiece(header, new UnsafeBuffer(content), 0, content.length);
    }

    private byte[] message() {
        byte[] message = new byte[assembler.length()];
        assembler.buffer().getBytes(0, message);
        return message;
    }

    private static long datagram(int flags, int index, int message) {
        return SegmentHeader.encode(flags, 0, index, message);
    }

    @Test
    void aMessageInOnePieceIsWholeAtOnce() {
        assertTrue(take(datagram(FIRST | LAST | NEEDS_CHECKSUM, 0, 7), (byte) 1, (byte) 2));
        assertArrayEquals(new byte[] {1, 2}, message());
        assertTrue(SegmentHeader.has(assembler.first(), NEEDS_CHECKSUM));
    }

    @Test
    void piecesInTheirOrderBecomeTheMessage() {
        assertFalse(take(datagram(FIRST, 0, -1), (byte) 1));
        assertFalse(take(datagram(0, 1, -1), (byte) 2));
        assertTrue(take(datagram(LAST, 2, -1), (byte) 3));
        assertArrayEquals(new byte[] {1, 2, 3}, message());
        assertEquals(0, drops.total());
    }

    @Test
    void piecesOfTheReliableClassFollowByTheirNumberAcrossItsWrap() {
        assertFalse(take(SegmentHeader.encode(RELIABLE | FIRST | SUPER, 3, 1400, -1), (byte) 1));
        assertFalse(take(SegmentHeader.encode(RELIABLE, 3, 0, 0), (byte) 2));
        assertTrue(take(SegmentHeader.encode(RELIABLE | LAST, 3, 0, 1), (byte) 3));
        assertArrayEquals(new byte[] {1, 2, 3}, message());
        assertEquals(1400, SegmentHeader.word(assembler.first()));
    }

    @Test
    void anotherIncarnationDoesNotContinueAMessage() {
        assertFalse(take(SegmentHeader.encode(RELIABLE | FIRST, 3, 0, 8), (byte) 1));
        assertFalse(take(SegmentHeader.encode(RELIABLE | LAST, 4, 0, 9), (byte) 2));
        assertEquals(1, drops.get(DropReason.PIECE_MISSING));
    }

    @Test
    void aLostPieceCostsItsMessageOnceAndNoOther() {
        take(datagram(FIRST, 0, 1), (byte) 1);
        assertFalse(take(datagram(0, 2, 1), (byte) 3));
        assertFalse(take(datagram(0, 3, 1), (byte) 4));
        assertFalse(take(datagram(LAST, 4, 1), (byte) 5));
        assertEquals(1, drops.get(DropReason.PIECE_MISSING));
        assertTrue(take(datagram(FIRST | LAST, 0, 2), (byte) 9));
        assertArrayEquals(new byte[] {9}, message());
    }

    @Test
    void aLostBeginningIsCountedOnce() {
        assertFalse(take(datagram(0, 1, 1), (byte) 2));
        assertFalse(take(datagram(LAST, 2, 1), (byte) 3));
        assertEquals(1, drops.get(DropReason.PIECE_MISSING));
    }

    @Test
    void aLostEndIsCountedWhenTheNextMessageBegins() {
        take(datagram(FIRST, 0, 1), (byte) 1);
        assertTrue(take(datagram(FIRST | LAST, 0, 2), (byte) 2));
        assertEquals(1, drops.get(DropReason.PIECE_MISSING));
    }

    @Test
    void aMessageMayHaveItsLongestLengthAndNoMore() {
        byte[] half = new byte[40_000];
        assertFalse(take(datagram(FIRST, 0, 1), half));
        assertTrue(take(datagram(LAST, 1, 1), new byte[LONGEST - 40_000]));
        assertFalse(take(datagram(FIRST, 0, 2), half));
        assertFalse(take(datagram(0, 1, 2), half));
        assertFalse(take(datagram(LAST, 2, 2), new byte[1]));
        assertEquals(1, drops.get(DropReason.MALFORMED_FRAME));
        assertEquals(0, drops.get(DropReason.PIECE_MISSING));
    }

    /** Loses, doubles and swaps pieces: whatever comes out went in as one message. */
    @Test
    void lostAndReorderedPiecesNeverMakeAWrongMessage() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<byte[]> messages = new ArrayList<>();
            List<Piece> pieces = new ArrayList<>();
            int firstId = random.nextInt();
            for (int i = 0; i < 20; i++) {
                byte[] message = new byte[random.nextInt(1, 60)];
                random.nextBytes(message);
                messages.add(message);
                cut(message, random.nextInt(1, 20), firstId + i, pieces);
            }
            disturb(pieces, random);
            for (Piece piece : pieces) {
                if (take(piece.header, piece.content)) {
                    byte[] expected = messages.get(SegmentHeader.number(piece.header) - firstId);
                    assertArrayEquals(expected, message(), "seed " + seed + ", round " + round);
                }
            }
        }
    }

    @Test
    void anySequenceOfHeadersIsTakenWithoutAnError() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long end = System.nanoTime() + 300_000_000L;
        while (System.nanoTime() < end) {
            byte[] content = new byte[random.nextInt(2000)];
            long header = datagram(random.nextInt(32), random.nextInt(3), random.nextInt(3));
            if (take(header, content)) {
                assertTrue(assembler.length() <= LONGEST, "seed " + seed);
            }
        }
    }

    private static void cut(byte[] message, int capacity, int id, List<Piece> pieces) {
        int index = 0;
        for (int at = 0; at < message.length; at += capacity) {
            int length = Math.min(capacity, message.length - at);
            byte[] content = new byte[length];
            System.arraycopy(message, at, content, 0, length);
            int flags = (at == 0 ? FIRST : 0) | (at + length == message.length ? LAST : 0);
            pieces.add(new Piece(datagram(flags, index++, id), content));
        }
    }

    private static void disturb(List<Piece> pieces, Random random) {
        for (int i = 0; i < pieces.size() / 5; i++) {
            int at = random.nextInt(pieces.size());
            switch (random.nextInt(3)) {
                case 0 -> pieces.remove(at);
                case 1 -> pieces.add(random.nextInt(pieces.size()), pieces.get(at));
                default -> pieces.add(random.nextInt(pieces.size()), pieces.remove(at));
            }
        }
    }
}
