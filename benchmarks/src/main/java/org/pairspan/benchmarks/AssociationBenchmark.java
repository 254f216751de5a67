package org.pairspan.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.session.OutboundAssociation;

/** Making and opening whole datagrams: SPA, ESP, the replay window, everything between the segments and the bearer. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AssociationBenchmark {
    /** A datagram opens once only, so fresh ones are made outside the measured time, this many at once. */
    static final int BATCH = 256;

    /** One association per suite and payload. */
    @State(Scope.Thread)
    public static class Ends {
        /** The suites by their names in configuration. */
        @Param({"aes-256-gcm", "chacha20-poly1305", "sm4-gcm"})
        public String suite;

        /** Payload octets of a datagram; 0 stands for what fills a path of 1500. */
        @Param({"64", "0"})
        public int payload;

        AssociationPair pair;
        int payloadLength;
        int datagramLength;
        final UnsafeBuffer plain = new UnsafeBuffer(ByteBuffer.allocateDirect(AssociationPair.DATAGRAM_LENGTH));
        final UnsafeBuffer opened = new UnsafeBuffer(ByteBuffer.allocateDirect(AssociationPair.DATAGRAM_LENGTH));
        final UnsafeBuffer datagrams = new UnsafeBuffer(ByteBuffer.allocateDirect(BATCH * AssociationPair.DATAGRAM_LENGTH));

        @Setup
        public void begin() {
            pair = AssociationPair.of(Suite.ofName(suite));
            payloadLength = payload > 0 ? payload : OutboundAssociation.payloadCapacity(AssociationPair.DATAGRAM_LENGTH);
            datagramLength = OutboundAssociation.datagramLength(payloadLength);
            plain.setMemory(0, payloadLength, (byte) 0x5A);
        }

        @TearDown
        public void end() {
            pair.destroy();
        }

        int protect(int index) {
            return pair.outbound().protect(AssociationPair.NEXT_HEADER_SEGMENT, plain, 0, payloadLength, datagrams,
                index * AssociationPair.DATAGRAM_LENGTH, 1);
        }
    }

    /** The same, with a batch of fresh datagrams. */
    @State(Scope.Thread)
    public static class Arrived extends Ends {
        @Setup(Level.Invocation)
        public void protectBatch() {
            for (int i = 0; i < BATCH; i++) {
                protect(i);
            }
        }
    }

    @Benchmark
    public int protect(Ends ends) {
        return ends.protect(0);
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int open(Arrived arrived) {
        int octets = 0;
        for (int i = 0; i < BATCH; i++) {
            int length = arrived.pair.inbound()
                .open(arrived.datagrams, i * AssociationPair.DATAGRAM_LENGTH, arrived.datagramLength, arrived.opened, 0, 1);
            if (length != arrived.payloadLength) {
                throw new IllegalStateException("a datagram did not open: " + length);
            }
            octets += length;
        }
        return octets;
    }
}
