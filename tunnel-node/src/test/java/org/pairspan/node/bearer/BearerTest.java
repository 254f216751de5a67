package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropReason;

/** What goes between two bearers, and what comes of a path that fails, moves or lies. */
class BearerTest extends TwoBearers {
    BearerTest() {
        super(Duration.ofSeconds(10));
    }

    private static byte[] piece(Random random, int length) {
        byte[] piece = new byte[length];
        random.nextBytes(piece);
        return piece;
    }

    @Test
    void piecesOfEveryLengthArriveInOrderWithTheirHeaders() {
        join();
        Random random = new Random(1);
        int capacity = a.stream.pieceCapacity();
        for (int i = 0; i < 3_000; i++) {
            byte[] piece = piece(random, i % 3 == 0 ? capacity : 1 + random.nextInt(capacity));
            long header = SegmentHeader.encode(SegmentHeader.WHOLE, i, i, i);
            await(() -> a.offer(piece, header), "room for a piece");
            if (i % 50 == 49) {
                int number = i;
                await(() -> b.pieces.size() == 50, "pieces up to " + number);
                while (!b.pieces.isEmpty()) {
                    b.pieces.remove();
                    assertEquals(number - b.pieces.size(), SegmentHeader.number(b.headers.remove()));
                }
            }
        }
        assertEquals(0, a.drops.total() + b.drops.total());
    }

    @Test
    void aPeerThatProvesToBeFarGetsAStreamOfLongerTermsAndLosesNothing() {
        join();
        List<Long> expected = new ArrayList<>();
        for (int number = 0; number < 400; number++) {
            long header = SegmentHeader.encode(SegmentHeader.WHOLE, 0, 0, number);
            expected.add(header);
            await(() -> a.offer(new byte[1000], header), "room in the stream");
            if (number == 100) {
                a.peer.roundTrip(TermLength.FAR_NS, TermLength.FAR_NS);
                a.stream.followPath(0);
            }
            if (number >= 200) {
                a.stream.followPath(TermLength.JUDGED_AFTER_NS);
            }
        }
        await(() -> b.headers.size() == expected.size(), "all pieces");
        assertEquals(expected, b.headers.stream().sorted().toList());
        assertTrue(hasTerms(TermLength.LONG), "no log has the longer terms");
    }

    @Test
    void aStreamThatFillsTheWindowOfAFarPeerGetsTermsThatHoldMoreAndLosesNothing() {
        join();
        a.peer.roundTrip(TermLength.PLAINLY_FAR_NS, TermLength.PLAINLY_FAR_NS);
        b.peer.roundTrip(10 * TermLength.PLAINLY_FAR_NS, 10 * TermLength.PLAINLY_FAR_NS);
        byte[] piece = new byte[1000];
        List<Long> expected = new ArrayList<>();
        await(() -> {
            long header = SegmentHeader.encode(SegmentHeader.WHOLE, 0, 0, expected.size());
            if (a.offer(piece, header)) {
                expected.add(header);
            }
            a.stream.followPath(expected.size() * TermLength.GROWN_AFTER_NS);
            return hasTerms(2 * TermLength.LONG);
        }, "terms of twice the length");
        await(() -> b.headers.size() == expected.size(), "all pieces");
        assertEquals(expected, b.headers.stream().sorted().toList());
    }

    private boolean hasTerms(int length) {
        File[] logs = folder.resolve("a").resolve("publications").toFile().listFiles();
        return Arrays.stream(logs).anyMatch(log -> log.length() > 3 * length);
    }

    @Test
    void aPieceArrivesAsItWas() {
        join();
        byte[] piece = piece(new Random(2), a.stream.pieceCapacity());
        await(() -> a.offer(piece, 7), "the stream");
        await(() -> !b.pieces.isEmpty(), "the piece");
        assertArrayEquals(piece, b.pieces.remove());
        byte[] answer = piece(new Random(3), 1);
        await(() -> b.offer(answer, 8), "the stream back");
        await(() -> !a.pieces.isEmpty(), "the piece back");
        assertArrayEquals(answer, a.pieces.remove());
    }

    @Test
    void piecesCrossIpv6AndFitItsLongerHeaders() throws IOException {
        Assumptions.assumeTrue(hasIpv6(), "no IPv6 loopback");
        closeBoth();
        a = new BearerSide(new InetSocketAddress("::1", freePort()), folder.resolve("a6"));
        b = new BearerSide(new InetSocketAddress("::1", freePort()), folder.resolve("b6"));
        join();
        byte[] piece = piece(new Random(5), a.stream.pieceCapacity());
        assertEquals(1384, piece.length);
        await(() -> a.offer(piece, 7), "the stream");
        await(() -> !b.pieces.isEmpty(), "the piece");
        assertArrayEquals(piece, b.pieces.remove());
        assertEquals(b.address, a.peer.address().current());
    }

    private static boolean hasIpv6() {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress("::1", 0))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void controlMessagesReachTheHandlerAndProbesHaveTheirLength() {
        join();
        UnsafeBuffer message = new UnsafeBuffer(new byte[] {4, 5, 6});
        assertTrue(a.bearer.sendControl(a.peer, message, 0, 3, System.nanoTime()));
        await(() -> !b.messages.isEmpty(), "the message");
        assertEquals("1 4 3", b.messages.remove(0));
        long before = a.peer.bytesOut().get();
        assertTrue(a.bearer.sendProbe(a.peer, message, 0, 3, 9000, System.nanoTime()));
        assertEquals(8972, a.peer.bytesOut().get() - before);
        await(() -> !b.messages.isEmpty(), "the probe");
        assertEquals("1 4 8926", b.messages.remove(0));
        assertFalse(a.bearer.sendProbe(a.peer, message, 0, 3, 65_560, System.nanoTime()), "longer than UDP takes");
        assertEquals(1, a.drops.get(DropReason.DATAGRAM_TOO_LONG));
    }

    @Test
    void aPeerIsFoundWhereItsDatagramsComeFrom() throws IOException {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
        a.join(1, 2, nowhere);
        b.join(2, 1, a.address);
        await(() -> a.peer.address().current().equals(b.address), "a to learn where b is");
        byte[] piece = piece(new Random(4), 100);
        await(() -> a.offer(piece, 1), "the stream");
        await(() -> !b.pieces.isEmpty(), "the piece");
    }

    @Test
    void aDatagramThatWasHeldBackOnTheWayMovesNobody() throws IOException {
        join();
        byte[] heldBack = datagramOf(EspTrailer.NEXT_HEADER_DUMMY, "", 1);
        try (DatagramSocket elsewhere = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            byte[] newer = datagramOf(EspTrailer.NEXT_HEADER_DUMMY, "", 2);
            long before = b.peer.packetsIn().get();
            elsewhere.send(new DatagramPacket(newer, newer.length, b.address));
            await(() -> b.peer.address().current().getPort() == elsewhere.getLocalPort(), "the newest datagram to move the peer");
            try (DatagramSocket replaying = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
                replaying.send(new DatagramPacket(heldBack, heldBack.length, b.address));
                await(() -> b.peer.packetsIn().get() > before + 1, "the older datagram");
                assertEquals(elsewhere.getLocalPort(), b.peer.address().current().getPort());
            }
        }
    }

    @Test
    void liesInAuthenticDatagramsAreCountedAndHarmNobody() throws IOException {
        join();
        await(() -> a.offer(new byte[] {1}, 1), "the stream");
        await(() -> !b.pieces.isEmpty(), "the first piece");
        String foreignSetup = "01" + "28000000" + "00000500" + "00000000" + "07000000" + "63000000" + "00000000" + "00000000"
                + "00000100" + "80050000" + "00000000";
        lie(EspTrailer.NEXT_HEADER_CONTROL, foreignSetup, DropReason.FOREIGN_STREAM);
        String hugeSetup = foreignSetup.replace("63000000", "01000000").replace("00000100" + "8005", "00000040" + "8005");
        lie(EspTrailer.NEXT_HEADER_CONTROL, hugeSetup, DropReason.FOREIGN_STREAM);
        lie(EspTrailer.NEXT_HEADER_CONTROL, "01", DropReason.FOREIGN_STREAM);
        lie(EspTrailer.NEXT_HEADER_CONTROL, "01" + "00".repeat(100), DropReason.MALFORMED_FRAME);
        String padded = String.format("%02x", ControlType.PADDED.code());
        lie(EspTrailer.NEXT_HEADER_CONTROL, (padded + "0100") + (padded + "00fd") + (padded + "00fa") + "04".repeat(250),
                DropReason.CONTROL_MALFORMED);
        lie(EspTrailer.NEXT_HEADER_CONTROL, "", DropReason.CONTROL_MALFORMED);
        lie(EspTrailer.NEXT_HEADER_SEGMENT, "", DropReason.SEGMENT_MALFORMED);
        lie(EspTrailer.NEXT_HEADER_SEGMENT, "0000000100000002ffffffe00001" + "00".repeat(9), DropReason.SEGMENT_MALFORMED);
        b.pieces.clear();
        b.peer.address().learn(new UnsafeBuffer(new byte[32]), 0, 0);
        await(() -> a.offer(new byte[] {2}, 2), "the stream after the lies");
        await(() -> !b.pieces.isEmpty(), "the piece after the lies");
        assertArrayEquals(new byte[] {2}, b.pieces.remove());
    }

    private int lies = 10;

    private void lie(int nextHeader, String plaintext, DropReason reason) throws IOException {
        long before = b.drops.get(reason);
        byte[] datagram = datagramOf(nextHeader, plaintext, ++lies);
        try (DatagramSocket liar = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            liar.send(new DatagramPacket(datagram, datagram.length, b.address));
            await(() -> b.drops.get(reason) > before, reason + " for " + plaintext);
        }
    }

    /** A datagram as a's own program would make it if it lied: under a generation of its own, so that no number comes twice. */
    private byte[] datagramOf(int nextHeader, String plaintext, int sequence) {
        PeerPair.install(b.database, 2, 1, a.address, 2);
        SecurityAssociationDatabase liar = PeerPair.database();
        PeerAssociations association = PeerPair.install(liar, 1, 2, b.address, 2);
        byte[] payload = HexFormat.of().parseHex(plaintext);
        UnsafeBuffer out = new UnsafeBuffer(new byte[2_000]);
        int length = 0;
        for (int i = 0; i < sequence; i++) {
            length = association.outbound().protect(nextHeader, new UnsafeBuffer(payload), 0, payload.length, out, 0, System.nanoTime());
        }
        return Arrays.copyOf(out.byteArray(), length);
    }
}
