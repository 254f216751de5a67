package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.wire.DropReason;

/** Bearers whose streams find no room, and what peers can do to that room. */
class BearerMemoryTest extends TwoBearers {
    private static final long OF_SHORT = 3 * 512 * 1024 + 4096;
    /** A setup frame of stream 1: term id 5, terms of 64 KiB, MTU 1408, session and place to be filled in. */
    private static final String SETUP = "01" + "28000000" + "00000500" + "00000000" + "%08x" + "01000000" + "05000000" + "05000000"
            + "00000100" + "80050000" + "00000000";

    /** A heartbeat of stream 1 in a session to be filled in. */
    private static final String HEARTBEAT = "01" + "00000000" + "00000100" + "00000000" + "%08x" + "01000000" + "05000000" + "00".repeat(8);

    BearerMemoryTest() {
        super(Duration.ofSeconds(30));
    }

    private long logs(String kind) {
        return folder.resolve("a").resolve(kind).toFile().list().length;
    }

    @Test
    void ofManyStreamsThatBeginInOneTurnOnlySoManyAreMadeAsTheirMemoryIsThereAndTheOthersOnceItIs() {
        a.freeBytes = a.memory.promisedBytes() + 5 * OF_SHORT;
        List<PeerStream> streams = new ArrayList<>();
        for (int peer = 10; peer < 20; peer++) {
            streams.add(a.bearer.open(PeerPair.install(a.database, 1, peer, b.address, 1)));
        }
        await(() -> a.bearer.refusedStreams() == 5, "the streams that there is no room for");
        streams.forEach(stream -> stream.claim(1));
        assertEquals(5, logs("publications"));
        assertEquals(a.freeBytes, a.bearer.promisedBytes());
        assertEquals(1, a.warnings.size());
        a.freeBytes += 2 * OF_SHORT;
        a.aheadNs += TimeUnit.SECONDS.toNanos(1);
        await(() -> {
            streams.forEach(stream -> stream.claim(1));
            return a.bearer.refusedStreams() == 5 + 3;
        }, "the streams that there is room for now");
        assertEquals(7, logs("publications"));
        assertEquals(a.freeBytes, a.bearer.promisedBytes());
        streams.forEach(PeerStream::close);
        await(() -> a.bearer.promisedBytes() == a.freeBytes - 7 * OF_SHORT, "the memory to be given back");
        assertEquals(0, logs("publications"));
    }

    @Test
    void aStreamKeepsItsTermsWhereLongerOnesHaveNoRoom() {
        join();
        await(() -> a.offer(new byte[1], 1), "the stream");
        a.freeBytes = a.memory.promisedBytes() + 4 * StreamMemory.bytes(TermLength.LONG) - 1;
        a.peer.roundTrip(TermLength.PLAINLY_FAR_NS, TermLength.PLAINLY_FAR_NS);
        a.stream.followPath(0);
        a.stream.followPath(TermLength.GROWN_AFTER_NS);
        await(() -> a.bearer.refusedStreams() == 1, "the longer stream to be refused");
        await(() -> {
            a.stream.followPath(TermLength.GROWN_AFTER_NS);
            return a.offer(new byte[1], 2);
        }, "the stream as it was");
        assertEquals(1, logs("publications"));
        assertEquals(1, a.warnings.size());
    }

    @Test
    void aPeersStreamThatHasNoRoomHereConnectsOnceThereIs() {
        b.freeBytes = b.memory.promisedBytes() + OF_SHORT;
        join();
        await(() -> b.drops.get(DropReason.STREAM_MEMORY) >= 3, "the peer to ask several times");
        assertFalse(a.offer(new byte[1], 1));
        assertEquals(1, b.warnings.size());
        assertEquals(b.memory.refusals(), b.drops.get(DropReason.STREAM_MEMORY), "its own stream has room");
        b.freeBytes += OF_SHORT;
        await(() -> a.offer(new byte[1], 1), "the stream");
        await(() -> !b.pieces.isEmpty(), "the piece");
    }

    @Test
    void aStreamThatThePeerCouldNotMakeIsGivenUpForAnother() throws IOException {
        Path images = folder.resolve("b").resolve("images");
        Files.delete(images);
        join();
        await(() -> !b.errors.isEmpty(), "the peer to fail");
        b.errors.clear();
        Files.createDirectory(images);
        long asked = b.peer.packetsIn().get();
        await(() -> b.peer.packetsIn().get() >= asked + 5 && a.peer.packetsIn().get() > 0, "the stream to be set up again");
        assertFalse(a.offer(new byte[1], 1), "Aeron tries the image of a session once");
        a.stream.followPath(a.nowNs());
        assertFalse(a.offer(new byte[1], 1));
        a.aheadNs += PeerPublication.PATIENCE_NS;
        long heard = a.peer.packetsIn().get();
        await(() -> a.peer.packetsIn().get() > heard, "the peer to be heard");
        a.stream.followPath(a.nowNs());
        await(() -> a.offer(new byte[1], 1), "another stream");
        await(() -> !b.pieces.isEmpty(), "the piece");
    }

    @Test
    void aStreamToAPeerThatIsNotHeardIsNotGivenUp() {
        a.join(1, 2, b.address);
        await(() -> a.stream.claim(1) == PieceStream.NOT_CONNECTED && logs("publications") == 1, "the stream to be made");
        a.aheadNs += 2 * PeerPublication.PATIENCE_NS;
        a.stream.followPath(a.nowNs());
        b.join(2, 1, a.address);
        await(() -> a.offer(new byte[1], 1), "the stream");
        assertEquals(1, logs("publications"));
    }

    @Test
    void aStreamThatNothingIsSentInIsNotGivenUpEither() {
        join();
        await(() -> a.memory.promisedBytes() == b.memory.promisedBytes() && logs("images") == 1, "both streams");
        await(() -> a.stream.peer().packetsOut().get() > 10, "the stream to be connected");
        a.aheadNs += PeerPublication.PATIENCE_NS;
        long heard = a.peer.packetsIn().get();
        await(() -> a.peer.packetsIn().get() > heard, "the peer to be heard");
        a.stream.followPath(a.nowNs());
        await(() -> a.offer(new byte[1], 1), "the stream");
        assertEquals(1, logs("publications"));
    }

    @Test
    void ofAPeersSessionsSoManyAreTakenAndTheOthersEndNoTurn() {
        talk();
        long promised = b.memory.promisedBytes();
        for (int session = 1; session <= 20; session++) {
            control(String.format(SETUP, session));
        }
        requireThatThePieceBehindComesInTheSameTurn();
        assertEquals(5, b.drops.get(DropReason.SESSION_FLOOD), "sessions beyond the sixteenth, of which the stream has one");
        assertEquals(promised + 15 * (3 * 65_536 + 4096), b.memory.promisedBytes());
    }

    @Test
    void aPeerWithAllItsSessionsMaySayTheirSetupsAgainAndEndsNoTurn() {
        talk();
        for (int time = 0; time < 2; time++) {
            for (int session = 1; session <= 15; session++) {
                control(String.format(SETUP, session));
            }
        }
        requireThatThePieceBehindComesInTheSameTurn();
        assertEquals(List.of(), b.errors);
        assertEquals(0, b.drops.get(DropReason.SESSION_FLOOD));
    }

    @Test
    void ofSessionsThatNobodySetUpAFewAreAskedForAndAllAreCounted() {
        talk();
        long sent = b.peer.packetsOut().get();
        long start = System.nanoTime();
        for (int session = 1; session <= 1000; session++) {
            control(String.format(HEARTBEAT, session));
            b.bearer.receive(b.nowNs());
        }
        long intervals = 2 + (System.nanoTime() - start) / QuestionGate.PEER_INTERVAL_NS;
        assertEquals(1000, b.drops.get(DropReason.SESSION_UNKNOWN));
        long asked = b.peer.packetsOut().get() - sent;
        assertTrue(asked >= 1 && asked <= intervals, asked + " questions in " + intervals + " intervals");
    }

    private void talk() {
        join();
        await(() -> a.offer(new byte[] {1}, 1), "the stream");
        await(() -> !b.pieces.isEmpty(), "the first piece");
        b.pieces.clear();
    }

    private void requireThatThePieceBehindComesInTheSameTurn() {
        assertTrue(a.offer(new byte[] {2}, 2));
        a.bearer.doWork();
        b.bearer.receive(b.nowNs());
        b.poll();
        assertEquals(1, b.pieces.size());
    }

    @Test
    void whatCameBeforeADatagramThatEndsTheTurnWaitsForNoOther() {
        join();
        await(() -> a.offer(new byte[] {1}, 1), "the stream");
        await(() -> !b.pieces.isEmpty(), "the first piece");
        b.pieces.clear();
        b.onMessage = () -> {
            throw new IllegalStateException("a fault of ours");
        };
        assertTrue(a.offer(new byte[] {2}, 2));
        a.bearer.doWork();
        control("04");
        b.bearer.receive(b.nowNs());
        b.poll();
        assertEquals(List.of("1 4 1"), b.messages);
        assertEquals(1, b.pieces.size());
        assertEquals(List.of("a fault of ours"), b.errors.stream().map(Throwable::getMessage).toList());
        b.errors.clear();
    }

    /** Sends a control message from a to b. */
    private void control(String hex) {
        byte[] message = HexFormat.of().parseHex(hex);
        assertTrue(a.bearer.sendControl(a.peer, new UnsafeBuffer(message), 0, message.length, a.nowNs()));
    }
}
