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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.ReplayWindow;
import org.pairspan.protocol.crypto.AeadCipher;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspHeader;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.spa.SpaAuthenticator;
import org.pairspan.protocol.wire.DropReason;

/** What stands in front of ESP, and what garbage of full length costs: the part of the time that anybody can take from a node. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RefusalBenchmark {
    private static final int TAG_OFFSET = 4;

    private final UnsafeBuffer genuine = new UnsafeBuffer(ByteBuffer.allocateDirect(AssociationPair.DATAGRAM_LENGTH));
    private final UnsafeBuffer forged = new UnsafeBuffer(ByteBuffer.allocateDirect(AssociationPair.DATAGRAM_LENGTH));
    private final UnsafeBuffer opened = new UnsafeBuffer(ByteBuffer.allocateDirect(AssociationPair.DATAGRAM_LENGTH));
    private final ReplayWindow window = new ReplayWindow();
    private AssociationPair pair;
    private SpaAuthenticator authenticator;
    private int length;
    private long sequence;

    @Setup
    public void begin() {
        pair = AssociationPair.of(Suite.AES_256_GCM);
        authenticator = new SpaAuthenticator(new byte[KeySchedule.PAIR_KEY_LENGTH / 2], EspHeader.LENGTH, AeadCipher.TAG_LENGTH);
        int payload = OutboundAssociation.payloadCapacity(AssociationPair.DATAGRAM_LENGTH);
        UnsafeBuffer plain = new UnsafeBuffer(new byte[payload]);
        length = pair.outbound().protect(AssociationPair.NEXT_HEADER_SEGMENT, plain, 0, payload, genuine, 0, 1);
        forged.putBytes(0, genuine, 0, length);
        forged.putLong(TAG_OFFSET, ~genuine.getLong(TAG_OFFSET));
        check(pair.inbound().open(genuine, 0, length, opened, 0, 1), payload);
        check(replayed(), -DropReason.REPLAYED.id());
        check(forged(), -DropReason.SPA_TAG.id());
    }

    @TearDown
    public void end() {
        pair.destroy();
        authenticator.destroy();
    }

    @Benchmark
    public long spaTag() {
        return authenticator.tag(genuine, 0, length);
    }

    /** A datagram with a wrong tag, from its arrival to its drop. */
    @Benchmark
    public int forged() {
        return pair.inbound().open(forged, 0, length, opened, 0, 1);
    }

    /** A genuine datagram that came before, from its arrival to its drop. */
    @Benchmark
    public int replayed() {
        return pair.inbound().open(genuine, 0, length, opened, 0, 1);
    }

    /** Check and update of the replay window for numbers in order. */
    @Benchmark
    public boolean replayWindow() {
        sequence++;
        boolean admitted = window.admits(sequence);
        window.accept(sequence);
        return admitted;
    }

    private static void check(int answered, int expected) {
        if (answered != expected) {
            throw new IllegalStateException("the association answered " + answered + " instead of " + expected);
        }
    }
}
