package org.pairspan.benchmarks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import org.openjdk.jmh.annotations.Warmup;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.offload.PacketGatherer;
import org.pairspan.node.offload.TcpSplitter;
import org.pairspan.protocol.wire.DropCounters;

/** One operation is one TCP super-packet of 60 KiB: cut into segments; its segments gathered again for the device; and the one after the other. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class OffloadBenchmark {
    private static final int HEADERS = 40;
    private static final int SEGMENT = 1360;
    private static final int SEGMENTS = 44;
    private static final int LENGTH = HEADERS + SEGMENT * SEGMENTS;
    private static final int STRIDE = 1408;
    private static final byte ACK = 0x10;

    private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH));
    private final UnsafeBuffer segments = new UnsafeBuffer(ByteBuffer.allocateDirect(STRIDE * SEGMENTS));
    private final TcpSplitter splitter = new TcpSplitter();
    private final NullDevice device = new NullDevice();
    private final PacketGatherer gatherer = new PacketGatherer(device, new DropCounters());

    @Setup
    public void begin() {
        packet.setMemory(HEADERS, LENGTH - HEADERS, (byte) 0x5A);
        packet.putByte(0, (byte) 0x45);
        packet.putShort(2, (short) LENGTH, ByteOrder.BIG_ENDIAN);
        packet.putShort(6, (short) 0x4000, ByteOrder.BIG_ENDIAN);
        packet.putByte(8, (byte) 64);
        packet.putByte(9, (byte) 6);
        packet.putInt(12, 0x0A010001, ByteOrder.BIG_ENDIAN);
        packet.putInt(16, 0x0A020001, ByteOrder.BIG_ENDIAN);
        packet.putShort(20, (short) 40_000, ByteOrder.BIG_ENDIAN);
        packet.putShort(22, (short) 5201, ByteOrder.BIG_ENDIAN);
        packet.putByte(32, (byte) 0x50);
        packet.putByte(33, ACK);
        if (split() != SEGMENTS) {
            throw new IllegalStateException("the packet was cut into " + split() + " segments");
        }
        gather();
        if (device.frames() != 1 || device.octets() != OffloadHeader.LENGTH + LENGTH) {
            throw new IllegalStateException("gathered into " + device.frames() + " frames, " + device.octets() + " octets");
        }
    }

    @Benchmark
    public int split() {
        int count = splitter.wrap(packet, 0, LENGTH, SEGMENT, STRIDE);
        for (int i = 0; i < count; i++) {
            splitter.write(i, segments, i * STRIDE);
        }
        return count;
    }

    @Benchmark
    public long gather() {
        for (int i = 0; i < SEGMENTS; i++) {
            gatherer.add(segments, i * STRIDE, HEADERS + SEGMENT, true);
        }
        gatherer.flush();
        return device.frames();
    }

    @Benchmark
    public long splitAndGather() {
        return split() + gather();
    }
}
