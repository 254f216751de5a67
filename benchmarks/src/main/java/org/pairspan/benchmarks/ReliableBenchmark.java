package org.pairspan.benchmarks;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
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
import org.openjdk.jmh.annotations.Warmup;
import org.pairspan.protocol.flow.CongestionControl;
import org.pairspan.protocol.reliable.ReliableReceiver;
import org.pairspan.protocol.reliable.ReliableSender;
import org.pairspan.protocol.rtt.RoundTripTime;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;

/**
 * One operation is one piece of the reliable class from its sender to its receiver, with its share of acknowledgements and, on a lossy way,
 * of what is sent again. Time is made up: a microsecond a turn. Window and round trip time are fixed.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReliableBenchmark {
    private static final int WINDOW = 4096;
    private static final int PIECE = 1400;
    private static final long ROUND_TRIP_NS = 1_000_000;
    private static final long TURN_NS = 1_000;
    private static final int MOST_TURNS = 1_000_000;

    /** One piece in so many gets lost; 0 for none. */
    @Param({"0", "100"})
    public int lostOneIn;

    private final UnsafeBuffer piece = new UnsafeBuffer(ByteBuffer.allocateDirect(PIECE));
    private ReliableSender sender;
    private ReliableReceiver receiver;
    private long nowNs;
    private long sent;
    private long delivered;

    @Setup
    public void begin() {
        RoundTripTime roundTripTime = new FixedRoundTrip();
        sender = new ReliableSender(WINDOW, PIECE, roundTripTime, new FixedWindow(), new DropCounters());
        receiver = new ReliableReceiver(1, WINDOW, PIECE, roundTripTime);
        nowNs = TimeUnit.SECONDS.toNanos(1);
    }

    @Benchmark
    public long piece() {
        for (int turn = 0; !sender.canSend(nowNs); turn++) {
            if (turn == MOST_TURNS) {
                throw new IllegalStateException("the stream stands after " + delivered + " pieces");
            }
            turn();
        }
        pass(sender.accept(SegmentHeader.WHOLE, 0, piece, 0, PIECE, nowNs), piece, 0, PIECE);
        turn();
        return delivered;
    }

    private void turn() {
        nowNs += TURN_NS;
        sender.resend(nowNs, this::pass);
        sender.doWork(nowNs, (message, offset, length) -> {
            receiver.onMessage(message, offset, length, nowNs);
            return true;
        });
        receiver.doWork(nowNs, (message, offset, length) -> {
            sender.onMessage(message, offset, length, nowNs);
            return true;
        });
    }

    private boolean pass(long header, DirectBuffer buffer, int offset, int length) {
        sent++;
        if (lostOneIn == 0 || sent % lostOneIn != 0) {
            receiver.onPiece(header, buffer, offset, length, nowNs, (itsHeader, its, itsOffset, itsLength) -> delivered++);
        }
        return true;
    }

    private static final class FixedRoundTrip implements RoundTripTime {
        @Override
        public void onSample(long rttNs, long nowNs) {
            // Nothing is learned: what is measured is the repair of losses alone.
        }

        @Override
        public long smoothedNs() {
            return ROUND_TRIP_NS;
        }

        @Override
        public long minimumNs() {
            return ROUND_TRIP_NS;
        }

        @Override
        public long rtoNs(int backoffs) {
            return 2 * ROUND_TRIP_NS;
        }
    }

    private static final class FixedWindow implements CongestionControl {
        @Override
        public int window() {
            return WINDOW;
        }

        @Override
        public boolean isSlowStart() {
            return false;
        }

        @Override
        public void onRoundTrip(long rttNs, long nowNs) {
            // The window stays.
        }

        @Override
        public void onAcknowledged(int pieces, long newestSentNs, boolean limited, long nowNs) {
            // The window stays.
        }

        @Override
        public void onLost(int pieces, long newestSentNs, long nowNs) {
            // The window stays.
        }

        @Override
        public void onPersistentCongestion(long nowNs) {
            // The window stays.
        }
    }
}
