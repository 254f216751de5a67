package org.pairspan.benchmarks.fuzz;

import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.reliable.Delivery;
import org.pairspan.protocol.reliable.ReliableReceiver;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.transport.MessageAssembler;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;

/** Pieces of packets with headers that fit or do not, from a peer that holds the keys. */
final class PieceTarget implements FuzzTarget, Delivery {
    private static final int WINDOW = 256;
    private static final int PIECE = 1400;
    private static final int LONGEST_MESSAGE = 1 << 16;
    private static final long TURN_NS = 10_000;

    private final MessageAssembler datagrams = new MessageAssembler(LONGEST_MESSAGE, new DropCounters());
    private final MessageAssembler inOrder = new MessageAssembler(LONGEST_MESSAGE, new DropCounters());
    private final ReliableReceiver receiver = new ReliableReceiver(1, WINDOW, PIECE, new RttMeasurement());
    private long nowNs;
    private int number;

    @Override
    public List<byte[]> samples() {
        return List.of(new byte[20], new byte[PIECE]);
    }

    @Override
    public void feed(UnsafeBuffer input, SplittableRandom random) {
        nowNs += TURN_NS;
        long header = random.nextInt(4) == 0 ? random.nextLong()
            : SegmentHeader.encode(random.nextInt(32), random.nextInt(2), random.nextInt(3), number + random.nextInt(-3, 4));
        number += random.nextInt(2);
        if (!SegmentHeader.isValid(header)) {
            return;
        }
        if (SegmentHeader.has(header, SegmentHeader.RELIABLE)) {
            receiver.onPiece(header, input, 0, input.capacity(), nowNs, this);
            receiver.doWork(nowNs, (message, offset, length) -> true);
        } else {
            datagrams.onPiece(header, input, 0, input.capacity());
        }
    }

    @Override
    public void deliver(long header, DirectBuffer piece, int offset, int length) {
        inOrder.onPiece(header, piece, offset, length);
    }
}
