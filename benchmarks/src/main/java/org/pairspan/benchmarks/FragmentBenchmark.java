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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.transport.FragmentHeader;
import org.pairspan.protocol.transport.Fragments;
import org.pairspan.protocol.transport.Reassembler;

/** One operation is one bearer datagram as large as they come, with all its fragments. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FragmentBenchmark {
    private static final int SLOTS = 16;
    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int CHUNK = OutboundAssociation.payloadCapacity(AssociationPair.DATAGRAM_LENGTH);

    /** Octets of the datagram before it is cut. */
    @Param("61440")
    public int total;

    private final Reassembler reassembler = new Reassembler(SLOTS, FragmentHeader.MAX_TOTAL, TIMEOUT_NS);
    private final UnsafeBuffer datagram = new UnsafeBuffer(ByteBuffer.allocateDirect(FragmentHeader.MAX_TOTAL));
    private final UnsafeBuffer wire = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * FragmentHeader.MAX_TOTAL));
    private AssociationPair pair;
    private int datagramId;

    @Setup
    public void begin() {
        pair = AssociationPair.of(Suite.AES_256_GCM);
    }

    @TearDown
    public void end() {
        pair.destroy();
    }

    /** Cut and put together, nothing encrypted. */
    @Benchmark
    public int reassemble() {
        datagramId++;
        int result = 0;
        for (int at = 0; at < total; at += CHUNK) {
            int length = Fragments.length(total, CHUNK, at);
            result = reassembler.onFragment(
                AssociationPair.SPI, FragmentHeader.encode(datagramId, at, total), datagram, at, length, 1);
        }
        return expect(result);
    }

    /** The whole way: cut, protect each (AES-256-GCM), open each, put together. */
    @Benchmark
    public int protectOpenReassemble() {
        datagramId++;
        int end = 0;
        for (int at = 0; at < total; at += CHUNK) {
            end += pair.outbound().protect(AssociationPair.NEXT_HEADER_FRAGMENT, FragmentHeader.encode(datagramId, at, total),
                datagram, at, Fragments.length(total, CHUNK, at), wire, end, 1);
        }
        int result = 0;
        for (int at = 0; at < end; at += AssociationPair.DATAGRAM_LENGTH) {
            int payload = pair.inbound().open(wire, at, Math.min(AssociationPair.DATAGRAM_LENGTH, end - at), 1);
            result = reassembler.onFragment(AssociationPair.SPI, pair.inbound().fragmentHeader(), pair.inbound().payloadBuffer(),
                pair.inbound().payloadOffset(), payload, 1);
        }
        return expect(result);
    }

    private int expect(int result) {
        if (result != total) {
            throw new IllegalStateException("the datagram was not put together: " + result);
        }
        return result;
    }
}
