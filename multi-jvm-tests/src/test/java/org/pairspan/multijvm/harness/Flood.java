package org.pairspan.multijvm.harness;

import org.pairspan.cli.lab.Namespace;
import org.pairspan.cli.lab.wire.PcapFile;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Datagrams nobody should take: random ones, real ones of a capture with bits turned over, and real ones once more. Sent as fast as the
 * kernel takes them, with a pause now and then that keeps the rate below a limit.
 */
public final class Flood {

    private static final int LARGEST = 1472;
    private static final int UDP_PAYLOAD = 14 + 20 + 8;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final InetSocketAddress target;
    private final List<byte[]> captured;
    private final SplittableRandom random;

    /** What was sent. */
    public record Sent(long random, long mutated, long replayed, long answered) {
        public long total() {
            return random + mutated + replayed;
        }
    }

    /**
     * Prepares a flood.
     *
     * @param captured datagrams that once were real, at least one
     */
    public Flood(InetSocketAddress target, List<byte[]> captured, long seed) {
        this.target = target;
        this.captured = List.copyOf(captured);
        this.random = new SplittableRandom(seed);
    }

    /** The datagrams in a capture that went to this address's port; at most 10,000. */
    public static List<byte[]> datagramsTo(InetSocketAddress target, Path capture) throws IOException {
        final MemorySegment address = MemorySegment.ofArray(target.getAddress().getAddress());
        final List<byte[]> datagrams = new ArrayList<>();
        PcapFile.read(capture, (file, offset, length, timeNs) -> {
            if (length > UDP_PAYLOAD && file.get(SHORT, offset + 12) == 0x0800 && file.get(ValueLayout.JAVA_BYTE, offset + 23) == 17
                && MemorySegment.mismatch(file, offset + 30, offset + 34, address, 0, 4) < 0
                && (file.get(SHORT, offset + 36) & 0xFFFF) == target.getPort()) {
                addDatagrams(file, offset + UDP_PAYLOAD, (file.get(SHORT, offset + 38) & 0xFFFF) - 8, datagrams);
            }
        }, () -> { });
        return datagrams;
    }

    /** A frame may hold several datagrams behind each other; the length in each SPA header says where the next begins. */
    private static void addDatagrams(MemorySegment file, long offset, int length, List<byte[]> datagrams) {
        int at = 0;
        while (at + 4 <= length && datagrams.size() < 10_000) {
            final int declared = Math.clamp(file.get(SHORT, offset + at + 2) & 0xFFFF, 4, length - at);
            datagrams.add(file.asSlice(offset + at, declared).toArray(ValueLayout.JAVA_BYTE));
            at += declared;
        }
    }

    /** Sends {@code count} datagrams from a namespace, a third of each kind, and listens for answers meanwhile. */
    public Sent send(Namespace namespace, long count, int perSecond) {
        return namespace.call(() -> {
            try (DatagramChannel channel = DatagramChannel.open()) {
                channel.connect(target);
                return send(channel, count, perSecond);
            }
        });
    }

    private Sent send(DatagramChannel channel, long count, int perSecond) throws IOException {
        final ByteBuffer datagram = ByteBuffer.allocateDirect(LARGEST);
        final long[] sent = new long[3];
        final long start = System.nanoTime();
        for (long i = 0; i < count; i++) {
            final int kind = (int) (i % 3);
            fill(datagram.clear(), kind);
            try {
                channel.write(datagram.flip());
                sent[kind]++;
            } catch (PortUnreachableException e) {
                throw new IOException("somebody answered that the port is closed, after " + i + " datagrams", e);
            }
            if (i % 64 == 0) {
                final long aheadNs = i * 1_000_000_000L / perSecond - (System.nanoTime() - start);
                if (aheadNs > 0) {
                    LockSupport.parkNanos(aheadNs);
                }
            }
        }
        channel.configureBlocking(false);
        long answered = 0;
        while (channel.read(datagram.clear()) > 0) {
            answered++;
        }
        return new Sent(sent[0], sent[1], sent[2], answered);
    }

    private void fill(ByteBuffer datagram, int kind) {
        if (kind == 0) {
            final byte[] bytes = new byte[random.nextInt(1, LARGEST)];
            random.nextBytes(bytes);
            datagram.put(bytes);
            return;
        }
        final byte[] bytes = captured.get(random.nextInt(captured.size())).clone();
        final int length = Math.min(bytes.length, LARGEST);
        if (kind == 1) {
            bytes[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
        }
        datagram.put(bytes, 0, length);
    }
}
