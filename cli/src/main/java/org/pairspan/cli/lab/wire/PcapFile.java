package org.pairspan.cli.lab.wire;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A pcap file with nanosecond times, little endian, of Ethernet frames: what {@link org.pairspan.cli.lab.Capture} writes. */
public final class PcapFile {

    private static final int MAGIC = 0xa1b23c4d;
    private static final int FILE_HEADER = 24;
    private static final int FRAME_HEADER = 16;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Takes one frame. */
    @FunctionalInterface
    public interface FrameHandler {
        /**
         * @param file the mapped file; any thread may read it until {@link #read} returns
         * @param offset where the Ethernet header starts
         * @param length bytes of the frame
         * @param timeNs when it was captured, since the epoch
         */
        void onFrame(MemorySegment file, long offset, int length, long timeNs);
    }

    private PcapFile() {
    }

    /**
     * Hands over every whole frame in order.
     *
     * @param atEnd what to do after the last frame, while the file is still mapped
     * @throws IOException when the file can't be read or is not of this format
     */
    public static void read(Path path, FrameHandler handler, Runnable atEnd) throws IOException {
        try (Arena arena = Arena.ofShared(); FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            final MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            if (file.byteSize() < FILE_HEADER || file.get(INT, 0) != MAGIC) {
                throw new IOException(path + " is no pcap file with nanosecond times");
            }
            long at = FILE_HEADER;
            while (at + FRAME_HEADER <= file.byteSize()) {
                final long timeNs = Integer.toUnsignedLong(file.get(INT, at)) * 1_000_000_000L + file.get(INT, at + 4);
                final int length = file.get(INT, at + 8);
                at += FRAME_HEADER;
                if (length < 0 || at + length > file.byteSize()) {
                    break;
                }
                handler.onFrame(file, at, length, timeNs);
                at += length;
            }
            atEnd.run();
        }
    }
}
