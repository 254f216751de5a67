package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.transport.BearerSegment;

class ReceivedFramesTest {
    private static final int TERM_LENGTH = 1 << 16;
    private static final int PEER = 2;

    private record Run(int offset, List<byte[]> pieces) {
    }

    private final List<Run> runs = new ArrayList<>();
    private final ReceivedFrames received = new ReceivedFrames(false, this::onRun);
    private final PeerPath path = new PeerPath(PeerPair.install(PeerPair.database(), 1, PEER, PeerPair.SOMEWHERE, 1),
            PeerLabel.of(PEER, 0), 1500, 63_360);
    private int heartbeats;

    @BeforeEach
    void announceTheSession() {
        assertTrue(path.terms.accept(Frames.SESSION, TERM_LENGTH));
    }

    /** Holds every run against what Aeron relies on. */
    private void onRun(PeerPath from, MutableDirectBuffer buffer, int offset, int length) {
        assertEquals(path, from);
        if (AeronFrame.frameLength(buffer, offset) == 0) {
            assertEquals(AeronFrame.HEADER_LENGTH, length);
            heartbeats++;
            return;
        }
        int first = AeronFrame.termOffset(buffer, offset);
        assertTrue(first >= 0 && first + length <= TERM_LENGTH && length <= 65_504, () -> "run " + first + " + " + length);
        List<byte[]> pieces = new ArrayList<>();
        int at = 0;
        while (at < length) {
            int frame = offset + at;
            assertTrue(AeronFrame.hasPayload(buffer, frame));
            assertEquals(first + at, AeronFrame.termOffset(buffer, frame));
            byte[] piece = new byte[AeronFrame.frameLength(buffer, frame) - AeronFrame.HEADER_LENGTH];
            buffer.getBytes(frame + AeronFrame.HEADER_LENGTH, piece);
            pieces.add(piece);
            at += AeronFrame.alignedLength(piece.length);
        }
        assertEquals(length, at);
        runs.add(new Run(first, pieces));
    }

    private boolean give(int session, int termOffset, byte[]... pieces) {
        MutableDirectBuffer buffer = received.buffer();
        int start = received.plaintextOffset();
        BearerSegment.writePrefix(buffer, start, session, Frames.TERM, termOffset);
        int length = BearerSegment.PREFIX_LENGTH;
        for (byte[] piece : pieces) {
            length += BearerSegment.writePiece(buffer, start + length, Frames.header(1), new UnsafeBuffer(piece), 0, piece.length);
        }
        return received.onSegment(path, length);
    }

    private boolean give(int termOffset, byte[]... pieces) {
        return give(Frames.SESSION, termOffset, pieces);
    }

    private static byte[] piece(int length, int value) {
        byte[] piece = new byte[length];
        Arrays.fill(piece, (byte) value);
        return piece;
    }

    private String seen() {
        received.flush();
        StringBuilder seen = new StringBuilder();
        for (Run run : runs) {
            seen.append(run.offset).append(':');
            run.pieces.forEach(piece -> seen.append(' ').append(piece.length).append('/').append(piece[0]));
            seen.append("; ");
        }
        return seen.toString();
    }

    @Test
    void segmentsThatFollowEachOtherAreOneRun() {
        assertTrue(give(0, piece(1404, 1)));
        assertTrue(give(1440, piece(1404, 2)));
        assertTrue(give(2880, piece(10, 3), piece(1, 4), piece(33, 5)));
        assertTrue(give(2880 + 64 + 64 + 96, piece(100, 6)));
        assertTrue(runs.isEmpty());
        assertEquals("0: 1404/1 1404/2 10/3 1/4 33/5 100/6; ", seen());
    }

    @Test
    void aGapAnotherSessionOrAnOlderSegmentBeginsANewRun() {
        path.terms.accept(5, TERM_LENGTH);
        assertTrue(give(0, piece(100, 1)));
        assertTrue(give(320, piece(100, 2)));
        assertTrue(give(5, 480, piece(100, 3)));
        assertTrue(give(160, piece(100, 4)));
        assertEquals("0: 100/1; 320: 100/2; 480: 100/3; 160: 100/4; ", seen());
    }

    @Test
    void aLongRunGoesOnInParts() {
        for (int i = 0; i < 45; i++) {
            assertTrue(give(i * 1440, piece(1404, i)));
        }
        received.flush();
        assertEquals(45, runs.stream().mapToInt(run -> run.pieces.size()).sum());
        assertTrue(runs.size() <= 2);
    }

    @Test
    void paddingBehindTheLastPieceIsPassedOver() {
        MutableDirectBuffer buffer = received.buffer();
        int start = received.plaintextOffset();
        BearerSegment.writePrefix(buffer, start, Frames.SESSION, Frames.TERM, 64);
        int length = 12 + BearerSegment.writePiece(buffer, start + 12, 0, new UnsafeBuffer(piece(50, 9)), 0, 50);
        buffer.setMemory(start + length, 500, (byte) 0);
        assertTrue(received.onSegment(path, length + 500));
        assertTrue(give(64 + 96, piece(5, 1), piece(6, 2)));
        assertEquals("64: 50/9 5/1 6/2; ", seen());
    }

    @Test
    void whatLiesBeyondTheTermOrNowhereIsRefused() {
        assertTrue(give(TERM_LENGTH - 32 - 32, piece(32, 1)));
        assertFalse(give(TERM_LENGTH - 32, piece(32, 1)));
        assertFalse(give(TERM_LENGTH - 64, piece(32, 1), piece(1, 2)));
        assertFalse(give(TERM_LENGTH, piece(1, 1)));
        assertFalse(give(-32, piece(1, 1)));
        assertFalse(give(16, piece(1, 1)));
        assertFalse(give(Integer.MAX_VALUE - 31, piece(1, 1)));
        assertEquals("65472: 32/1; ", seen());
    }

    @Test
    void aSegmentOfAnUnknownSessionOnlyMakesAeronAskForIt() {
        assertTrue(give(99, 64, piece(100, 1)));
        assertTrue(give(0, piece(100, 2)));
        assertEquals("0: 100/2; ", seen());
        assertEquals(1, heartbeats);
    }

    @Test
    void malformedSegmentsAreRefused() {
        for (String hex : List.of("", "00", "5e551011" + "0000004d" + "00000000", "5e551011" + "0000004d" + "00000000" + "0000",
                "5e551011" + "0000004d" + "00000000" + "0001" + "0000000000000000",
                "5e551011" + "0000004d" + "00000000" + "0001" + "0000000000000000" + "aa" + "0001",
                "5e551011" + "0000004d" + "00000000" + "0001" + "0000000000000000" + "aa" + "0002" + "0000000000000000" + "aa")) {
            byte[] segment = HexFormat.of().parseHex(hex);
            received.buffer().putBytes(received.plaintextOffset(), segment);
            assertFalse(received.onSegment(path, segment.length), hex);
        }
        assertEquals("", seen());
    }

    @Test
    void noPlaintextWhateverItHoldsMakesAFrameThatAeronMustNotSee() {
        for (long seed = 0; seed < 30_000; seed++) {
            Random random = new Random(seed);
            int length = random.nextInt(random.nextInt(10) == 0 ? 65_000 : 300);
            byte[] segment = new byte[length];
            if (random.nextBoolean()) {
                random.nextBytes(segment);
            }
            UnsafeBuffer plaintext = new UnsafeBuffer(segment);
            if (length >= 12) {
                BearerSegment.writePrefix(plaintext, 0, random.nextInt(4) == 0 ? random.nextInt() : Frames.SESSION, Frames.TERM,
                        random.nextInt(8) == 0 ? random.nextInt() : 32 * random.nextInt(2200));
            }
            int at = 12;
            while (at < length - 12 && random.nextInt(50) > 0) {
                int piece = 1 + random.nextInt(20);
                plaintext.putShort(at, (short) piece, ByteOrder.BIG_ENDIAN);
                at += 10 + piece;
            }
            received.buffer().putBytes(received.plaintextOffset(), segment);
            received.onSegment(path, length);
            runs.clear();
        }
        received.flush();
    }
}
