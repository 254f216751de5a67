package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.node.bearer.PieceStream;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.offload.TcpSplitter;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

class DatagramClassSenderTest {
    private static final int FIRST_ID = -1;

    private final DropCounters drops = new DropCounters();
    private final FakeStream stream = new FakeStream();
    private final DatagramClassSender sender = new DatagramClassSender(stream, new TcpSplitter(), drops, FIRST_ID);

    private int send(byte[] packet, int traits) {
        return sender.send(new UnsafeBuffer(packet), 0, packet.length, traits, 0);
    }

    @Test
    void aPacketThatFitsIsOnePiece() {
        byte[] packet = LoopbackSite.packet(1, 2, 1380, 5);
        assertEquals(PieceStream.CLAIMED, send(packet, PacketTraits.of(true, 0)));
        assertEquals(1, stream.count());
        assertArrayEquals(packet, stream.content(0));
        assertEquals(SegmentHeader.encode(SegmentHeader.WHOLE | SegmentHeader.NEEDS_CHECKSUM, 0, 0, FIRST_ID), stream.header(0));
    }

    @Test
    void aLongerPacketIsTheirPiecesInOrder() {
        byte[] packet = LoopbackSite.packet(1, 2, 2780, 5);
        send(packet, PacketTraits.of(false, 0));
        send(LoopbackSite.packet(1, 2, 1, 5), PacketTraits.of(false, 0));
        assertEquals(3, stream.count());
        assertEquals(SegmentHeader.encode(SegmentHeader.FIRST, 0, 0, FIRST_ID), stream.header(0));
        assertEquals(SegmentHeader.encode(SegmentHeader.LAST, 0, 1, FIRST_ID), stream.header(1));
        assertEquals(SegmentHeader.encode(SegmentHeader.WHOLE, 0, 0, FIRST_ID + 1), stream.header(2));
        assertArrayEquals(Arrays.copyOf(packet, 1400), stream.content(0));
        assertArrayEquals(Arrays.copyOfRange(packet, 1400, 2800), stream.content(1));
    }

    @Test
    void aSuperPacketBecomesSegmentsOfItsOwnSizeEachAMessage() {
        byte[] frame = PipelineSite.superFrame(1, 2, 10_000, 1_000);
        byte[] packet = Arrays.copyOfRange(frame, OffloadHeader.LENGTH, frame.length);
        assertEquals(PieceStream.CLAIMED, send(packet, PacketTraits.of(true, 1_000)));
        assertEquals(10, stream.count());
        for (int i = 0; i < 10; i++) {
            assertEquals(SegmentHeader.encode(SegmentHeader.WHOLE | SegmentHeader.NEEDS_CHECKSUM, 0, 0, FIRST_ID + i), stream.header(i));
            assertEquals(1_040, stream.content(i).length);
        }
    }

    @Test
    void tcpThatIsTooLongBecomesSegmentsThatFit() {
        byte[] frame = PipelineSite.superFrame(1, 2, 3_000, 1_000);
        byte[] packet = Arrays.copyOfRange(frame, OffloadHeader.LENGTH, frame.length);
        send(packet, PacketTraits.of(true, 0));
        assertEquals(3, stream.count());
        assertEquals(1_400, stream.content(0).length);
    }

    /** Whenever the stream has no room, and however often: the same pieces go as if it always had. */
    @Test
    void aPacketGoesOnWhereACongestedStreamStopped() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            boolean tcp = random.nextBoolean();
            byte[] packet;
            int traits = PacketTraits.of(tcp, tcp ? 1_200 : 0);
            if (tcp) {
                byte[] frame = PipelineSite.superFrame(1, 2, random.nextInt(1_300, 60_000), 1_200);
                packet = Arrays.copyOfRange(frame, OffloadHeader.LENGTH, frame.length);
            } else {
                packet = LoopbackSite.packet(1, 2, random.nextInt(1, 60_000), round);
            }
            FakeStream roomy = new FakeStream();
            new DatagramClassSender(roomy, new TcpSplitter(), drops, 7).send(new UnsafeBuffer(packet), 0, packet.length, traits, 0);
            FakeStream narrow = new FakeStream();
            DatagramClassSender slow = new DatagramClassSender(narrow, new TcpSplitter(), drops, 7);
            int result = PieceStream.CONGESTED;
            while (result != PieceStream.CLAIMED) {
                narrow.room = random.nextInt(4);
                result = slow.send(new UnsafeBuffer(packet), 0, packet.length, traits, 0);
                assertEquals(result == PieceStream.CONGESTED && narrow.taken > 0, slow.isUnderWay(), "seed " + seed);
            }
            assertEquals(roomy.count(), narrow.count(), "seed " + seed);
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            ByteArrayOutputStream other = new ByteArrayOutputStream();
            for (int i = 0; i < roomy.count(); i++) {
                assertEquals(roomy.header(i), narrow.header(i), "seed " + seed);
                one.writeBytes(roomy.content(i));
                other.writeBytes(narrow.content(i));
            }
            assertArrayEquals(one.toByteArray(), other.toByteArray(), "seed " + seed);
        }
    }

    @Test
    void aPacketIsGivenUpWhereThePathHasChangedUnderIt() {
        stream.room = 1;
        byte[] packet = LoopbackSite.packet(1, 2, 5_000, 5);
        assertEquals(PieceStream.CONGESTED, send(packet, PacketTraits.of(false, 0)));
        assertTrue(sender.isUnderWay());
        stream.room = 10;
        stream.capacity = 1_200;
        assertEquals(PieceStream.CLAIMED, send(packet, PacketTraits.of(false, 0)));
        assertFalse(sender.isUnderWay());
        assertEquals(1, drops.get(DropReason.PIECE_MISSING));
        send(LoopbackSite.packet(1, 2, 1, 5), PacketTraits.of(false, 0));
        assertEquals(FIRST_ID + 1, SegmentHeader.number(stream.header(1)));
    }
}
