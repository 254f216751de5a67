package org.pairspan.cli.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

/**
 * Everything that passes one interface, both ways, in a pcap file (nanosecond times, Ethernet) that tcpdump and Wireshark read.
 * A packet socket of our own, so that no tool has to be installed and the kernel's count of what it could not keep is known.
 *
 * <p>Where the interface offloads segmentation, a frame may hold many segments one behind the other, as the kernel passes them on.
 */
public final class Capture implements AutoCloseable {

    private static final int LARGEST_FRAME = 128 * 1024;
    private static final int KERNEL_BUFFER = 256 * 1024 * 1024;
    private static final int PCAP_NANOSECONDS = 0xa1b23c4d;
    private static final int ETHERNET = 1;

    private final Path file;
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Thread thread;
    private final Object written = new Object();
    private volatile boolean syncWanted;
    private volatile boolean stopping;
    private volatile RuntimeException failure;
    private volatile long frames;
    private volatile long missed;

    private Capture(Namespace namespace, String device, Path file) {
        this.file = file;
        this.thread = namespace.start("capture-" + device, () -> run(device));
    }

    /** Starts to capture; returns when the socket is listening, so that nothing sent after is missed. */
    public static Capture start(Namespace namespace, String device, Path file) {
        final Capture capture = new Capture(namespace, device, file);
        try {
            capture.ready.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while a capture was starting", e);
        }
        capture.checkFailure();
        return capture;
    }

    /** The pcap file; complete up to the last {@link #sync()}. */
    public Path file() {
        return file;
    }

    /** Waits until the file holds every frame that has passed before this call. */
    public void sync() {
        try {
            synchronized (written) {
                syncWanted = true;
                while (syncWanted && thread.isAlive()) {
                    written.wait(1000);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while a capture was written", e);
        }
        checkFailure();
    }

    /** Frames captured so far. */
    public long frames() {
        return frames;
    }

    /** Frames the kernel could not keep for us; known after {@link #close}. A proof from this capture needs 0 here. */
    public long missed() {
        return missed;
    }

    /** Takes in what has passed until now and ends the file. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while a capture was ending", e);
        }
        checkFailure();
    }

    private void checkFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    private void run(String device) {
        int socket = -1;
        try (Arena arena = Arena.ofConfined(); FileChannel out = FileChannel.open(file,
            StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            socket = listen(arena, device);
            ready.countDown();
            copy(arena, socket, out);
        } catch (RuntimeException e) {
            failure = e;
        } catch (IOException e) {
            failure = new UncheckedIOException(e);
        } finally {
            ready.countDown();
            if (socket >= 0) {
                LinuxCalls.close(socket);
            }
        }
    }

    private static int listen(Arena arena, String device) {
        final int socket = PacketSocket.open(device, KERNEL_BUFFER, true);
        final MemorySegment timeout = arena.allocate(16, 8);
        timeout.set(JAVA_LONG, 8, 50_000);
        if (LinuxCalls.setsockopt(socket, LinuxCalls.SOL_SOCKET, LinuxCalls.SO_RCVTIMEO, timeout) < 0) {
            LinuxCalls.close(socket);
            throw new LabException("the capture could not set a time limit");
        }
        return socket;
    }

    private void copy(Arena arena, int socket, FileChannel out) throws IOException {
        final MemorySegment state = LinuxCalls.newState(arena);
        final MemorySegment frame = arena.allocate(LARGEST_FRAME, 8);
        final ByteBuffer batch = ByteBuffer.allocateDirect(8 * LARGEST_FRAME).order(ByteOrder.LITTLE_ENDIAN);
        batch.putInt(PCAP_NANOSECONDS).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0).putInt(LARGEST_FRAME).putInt(ETHERNET);
        while (true) {
            // Whoever wants all that has passed until now gets it when the kernel's queue has run empty, without waiting for a quiet link.
            final boolean urgent = stopping || syncWanted;
            final int length = LinuxCalls.receive(socket, state, frame, urgent ? LinuxCalls.MSG_DONTWAIT : 0);
            if (length >= 0) {
                append(batch, frame, length);
                frames++;
            } else if (length == -LinuxCalls.EAGAIN) {
                flush(batch, out);
                if (urgent) {
                    synchronized (written) {
                        syncWanted = false;
                        written.notifyAll();
                    }
                    if (stopping) {
                        break;
                    }
                }
            } else if (length != -LinuxCalls.EINTR) {
                throw new LabException("the capture could not read: errno " + -length);
            }
            if (batch.remaining() < LARGEST_FRAME + 16) {
                flush(batch, out);
            }
        }
        missed = PacketSocket.missed(socket);
    }

    private static void append(ByteBuffer batch, MemorySegment frame, int length) {
        final Instant now = Instant.now();
        batch.putInt((int) now.getEpochSecond()).putInt(now.getNano()).putInt(length).putInt(length);
        batch.put(frame.asSlice(0, length).asByteBuffer());
    }

    private static void flush(ByteBuffer batch, FileChannel out) throws IOException {
        batch.flip();
        while (batch.hasRemaining()) {
            out.write(batch);
        }
        batch.clear();
    }
}
