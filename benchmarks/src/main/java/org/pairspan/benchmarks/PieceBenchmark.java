package org.pairspan.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.pairspan.protocol.transport.MessageAssembler;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;

/** One operation is one packet that is larger than a datagram: its pieces put together again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PieceBenchmark {
    private static final int PIECE = 1392;

    /** Octets of the packet. */
    @Param({"1500", "61440"})
    public int octets;

    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16));
    private final MessageAssembler assembler = new MessageAssembler(1 << 16, new DropCounters());
    private int message;

    @Benchmark
    public int assemble() {
        message++;
        boolean whole = false;
        for (int at = 0, index = 0; at < octets; at += PIECE, index++) {
            int length = Math.min(PIECE, octets - at);
            int flags = (at == 0 ? SegmentHeader.FIRST : 0) | (at + length == octets ? SegmentHeader.LAST : 0);
            whole = assembler.onPiece(SegmentHeader.encode(flags, 0, index, message), packet, at, length);
        }
        if (!whole || assembler.length() != octets) {
            throw new IllegalStateException("the packet was not put together");
        }
        return assembler.length();
    }
}
