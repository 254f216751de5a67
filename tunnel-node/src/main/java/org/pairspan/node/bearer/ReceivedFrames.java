package org.pairspan.node.bearer;

import io.aeron.driver.Configuration;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.transport.BearerSegment;

/**
 * Makes Aeron's frames again from the segments of peers. Frames that follow each other in a stream are collected over several datagrams,
 * and go on in one run, which costs Aeron little more than one frame.
 *
 * <p>A segment is decrypted straight into the place where its frames are wanted: so far behind the run's end that its first piece lies
 * behind the room of its frame header. A segment of one piece, which every full datagram is, needs no copy then; one of several is
 * spread out through another buffer.
 */
final class ReceivedFrames {
    /** Takes a run of frames: data frames of one peer's session and term, without a gap, each checked. */
    @FunctionalInterface
    interface RunHandler {
        /**
         * One run.
         *
         * @param path   of the peer.
         * @param buffer holding the frames; free again when the call returns.
         * @param offset where the first begins.
         * @param length of all, in bytes.
         */
        void onRun(PeerPath path, MutableDirectBuffer buffer, int offset, int length);
    }

    /** How far in front of a segment's first piece its frame begins, beyond what stands there in the segment. */
    private static final int LEAD = AeronFrame.HEADER_LENGTH - BearerSegment.PREFIX_LENGTH - BearerSegment.PIECE_PREFIX_LENGTH;
    private static final int LONGEST_RUN = Configuration.MAX_UDP_PAYLOAD_LENGTH;
    private static final int LONGEST_PLAINTEXT = 0xFFFF;
    private static final int ROOM = BitUtil.align(LONGEST_RUN + AeronFrame.HEADER_LENGTH + LONGEST_PLAINTEXT,
            BitUtil.CACHE_LINE_LENGTH);

    private final UnsafeBuffer frames;
    private final UnsafeBuffer packed = new UnsafeBuffer(new byte[LONGEST_PLAINTEXT]);
    private final RunHandler handler;
    private PeerPath path;
    private int sessionId;
    private int termId;
    private int nextTermOffset;
    private int runStart;
    private int runEnd;

    /**
     * @param onHeap  whether the frames are made in memory on the heap, as some ciphers like it best.
     * @param handler of runs.
     */
    ReceivedFrames(boolean onHeap, RunHandler handler) {
        this.frames = onHeap ? new UnsafeBuffer(new byte[ROOM]) : new UnsafeBuffer(ByteBuffer.allocateDirect(ROOM));
        this.handler = handler;
    }

    /** Where the next datagram is to be decrypted, at {@link #plaintextOffset()}. */
    MutableDirectBuffer buffer() {
        return frames;
    }

    int plaintextOffset() {
        return runEnd + LEAD;
    }

    /**
     * Takes the segment that lies at {@link #plaintextOffset()}.
     *
     * @param from   the path of the peer whose association opened it.
     * @param length in bytes.
     * @return false where it is malformed, or reaches beyond a term of its session; then nothing of it goes on.
     */
    boolean onSegment(PeerPath from, int length) {
        int at = plaintextOffset();
        int first = at + BearerSegment.PREFIX_LENGTH;
        int left = length - BearerSegment.PREFIX_LENGTH;
        if (left < BearerSegment.PIECE_PREFIX_LENGTH) {
            return false;
        }
        int session = BearerSegment.sessionId(frames, at);
        int term = BearerSegment.termId(frames, at);
        int termOffset = BearerSegment.termOffset(frames, at);
        int pieceLength = BearerSegment.pieceLength(frames, first, left);
        if (pieceLength <= 0 || !AeronFrame.isPlace(termOffset)) {
            return false;
        }
        int rest = BearerSegment.PIECE_PREFIX_LENGTH + pieceLength;
        int total;
        if (BearerSegment.pieceLength(frames, first + rest, left - rest) == BearerSegment.END) {
            total = AeronFrame.alignedLength(pieceLength);
            long header = BearerSegment.header(frames, first);
            AeronFrame.writeDataHeader(frames, runEnd, pieceLength, termOffset, session, from.peer.peerNumber(), term, header);
        } else {
            total = spread(from.peer.peerNumber(), session, term, termOffset, first, left);
        }
        return total > 0 && total <= LONGEST_RUN && append(from, session, term, termOffset, total);
    }

    /** Writes the frames of several pieces behind the run; answers their length, or 0 where they are malformed or too long. */
    private int spread(int streamId, int session, int term, int termOffset, int first, int length) {
        packed.putBytes(0, frames, first, length);
        int total = 0;
        int at = 0;
        int pieceLength = BearerSegment.pieceLength(packed, at, length);
        while (pieceLength > 0) {
            int frameLength = AeronFrame.alignedLength(pieceLength);
            if (total + frameLength > LONGEST_RUN) {
                return 0;
            }
            int frame = runEnd + total;
            AeronFrame.writeDataHeader(frames, frame, pieceLength, termOffset + total, session, streamId, term,
                    BearerSegment.header(packed, at));
            frames.putBytes(frame + AeronFrame.HEADER_LENGTH, packed, at + BearerSegment.PIECE_PREFIX_LENGTH, pieceLength);
            total += frameLength;
            at += BearerSegment.PIECE_PREFIX_LENGTH + pieceLength;
            pieceLength = BearerSegment.pieceLength(packed, at, length - at);
        }
        return pieceLength == BearerSegment.END ? total : 0;
    }

    private boolean append(PeerPath from, int session, int term, int termOffset, int total) {
        int termLength = from.terms.termLength(session);
        if (termLength == SessionTerms.UNKNOWN) {
            // As a heartbeat, which Aeron never writes into a buffer, it makes Aeron ask for the setup of the session.
            flush();
            AeronFrame.writeDataHeader(frames, 0, -AeronFrame.HEADER_LENGTH, termOffset, session, from.peer.peerNumber(), term, 0);
            handler.onRun(from, frames, 0, AeronFrame.HEADER_LENGTH);
            return true;
        }
        if (termOffset > termLength - total) {
            return false;
        }
        boolean continues = runEnd > runStart && from == path && session == sessionId && term == termId
                && termOffset == nextTermOffset && runEnd + total - runStart <= LONGEST_RUN;
        int end = runEnd + total;
        if (!continues) {
            int start = runEnd;
            flush();
            runStart = start;
            path = from;
            sessionId = session;
            termId = term;
        }
        runEnd = end;
        nextTermOffset = termOffset + total;
        if (runEnd > LONGEST_RUN) {
            flush();
        }
        return true;
    }

    /** Lets the run go that has been collected so far. */
    void flush() {
        int length = runEnd - runStart;
        int start = runStart;
        PeerPath of = path;
        runStart = 0;
        runEnd = 0;
        path = null;
        if (length > 0) {
            handler.onRun(of, frames, start, length);
        }
    }
}
