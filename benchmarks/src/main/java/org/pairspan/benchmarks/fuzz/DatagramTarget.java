package org.pairspan.benchmarks.fuzz;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.benchmarks.AssociationPair;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.transport.BearerSegment;

/** What arrives at the bearer's port from anybody; and, as if it had opened, what a peer puts into its segments. */
final class DatagramTarget implements FuzzTarget {
    private static final int SAMPLES = 64;
    private static final int LONGEST = 1 << 12;

    private final AssociationPair pair = AssociationPair.of(Suite.AES_256_GCM);
    private final UnsafeBuffer opened = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST));
    private long nowNs;

    @Override
    public List<byte[]> samples() {
        List<byte[]> samples = new ArrayList<>();
        UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST));
        for (int i = 0; i < SAMPLES; i++) {
            UnsafeBuffer segment = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST));
            BearerSegment.writePrefix(segment, 0, 1, 2, 32 * i);
            int length = BearerSegment.PREFIX_LENGTH + BearerSegment.writePiece(segment, BearerSegment.PREFIX_LENGTH, i, opened, 0, 1 + 7 * i);
            byte[] datagram = new byte[pair.outbound().protect(AssociationPair.NEXT_HEADER_SEGMENT, segment, 0, length, out, 0, 1)];
            out.getBytes(0, datagram);
            samples.add(datagram);
            byte[] plain = new byte[length];
            segment.getBytes(0, plain);
            samples.add(plain);
        }
        return samples;
    }

    @Override
    public void feed(UnsafeBuffer input, SplittableRandom random) {
        int length = input.capacity();
        InboundAssociation.peekSpi(input, 0, length);
        pair.inbound().open(input, 0, length, opened, 0, ++nowNs);
        int at = BearerSegment.PREFIX_LENGTH;
        int piece = at <= length ? BearerSegment.pieceLength(input, at, length - at) : BearerSegment.END;
        while (piece > 0) {
            BearerSegment.header(input, at);
            at += BearerSegment.PIECE_PREFIX_LENGTH + piece;
            if (at > length) {
                throw new IllegalStateException("a piece reaches " + (at - length) + " bytes beyond its segment");
            }
            piece = BearerSegment.pieceLength(input, at, length - at);
        }
    }
}
