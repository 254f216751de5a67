package org.pairspan.cli.lab.wire;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Finds pieces of one file in other bytes. Every 256th byte of the file starts a window of 32 bytes that is looked for at every
 * byte offset, so that any run of 287 bytes of the file is found, however it was cut; a bit table answers almost all of the looks.
 */
public final class PlaintextIndex implements AutoCloseable {

    /** Bytes that must agree. */
    public static final int WINDOW = 32;
    private static final int STEP = 256;
    private static final int TABLE_BITS = 25;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final VarHandle LONG_IN_ARRAY = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final Arena arena = Arena.ofShared();
    private final MemorySegment file;
    private final long[] table = new long[1 << TABLE_BITS - 6];
    private final long[] starts;
    private final int[] positions;

    /** Indexes a file of at most 256 GiB. */
    public PlaintextIndex(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        final int windows = (int) Math.max(0, (file.byteSize() - WINDOW) / STEP + 1);
        final int capacity = Integer.highestOneBit(Math.max(2, windows)) * 4;
        starts = new long[capacity];
        positions = new int[capacity];
        Arrays.fill(positions, -1);
        for (int window = 0; window < windows; window++) {
            add(file.get(LONG, (long) window * STEP), window);
        }
    }

    /** The number of positions in the first {@code length} bytes where 32 bytes of the file stand. Any thread. */
    public int occurrences(byte[] bytes, int length) {
        final MemorySegment segment = MemorySegment.ofArray(bytes);
        int found = 0;
        for (int at = 0; at <= length - WINDOW; at++) {
            final long value = (long) LONG_IN_ARRAY.get(bytes, at);
            final int bit = hash(value);
            if ((table[bit >>> 6] & 1L << bit) != 0 && isWindow(value, segment, at)) {
                found++;
            }
        }
        return found;
    }

    @Override
    public void close() {
        arena.close();
    }

    private void add(long value, int window) {
        if (isWindow(value, file, (long) window * STEP)) {
            return;
        }
        final int bit = hash(value);
        table[bit >>> 6] |= 1L << bit;
        int slot = slot(value);
        while (positions[slot] >= 0) {
            slot = slot + 1 & positions.length - 1;
        }
        starts[slot] = value;
        positions[slot] = window;
    }

    private boolean isWindow(long value, MemorySegment bytes, long at) {
        for (int slot = slot(value); positions[slot] >= 0; slot = slot + 1 & positions.length - 1) {
            final long start = (long) positions[slot] * STEP;
            if (starts[slot] == value && MemorySegment.mismatch(bytes, at, at + WINDOW, file, start, start + WINDOW) < 0) {
                return true;
            }
        }
        return false;
    }

    private static int hash(long value) {
        return (int) (value * 0x9E3779B97F4A7C15L >>> 64 - TABLE_BITS);
    }

    private int slot(long value) {
        return (int) (value * 0xC2B2AE3D27D4EB4FL >>> 33) & positions.length - 1;
    }
}
