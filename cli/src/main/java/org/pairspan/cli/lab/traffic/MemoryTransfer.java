package org.pairspan.cli.lab.traffic;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;

/**
 * One file from a {@link MemoryHost} to another as numbered UDP packets: each is acknowledged, a window of them may be on its way,
 * and one that is not acknowledged in time is sent again. The host's stand-in for TCP, where there is no kernel to speak it.
 */
public final class MemoryTransfer {

    private static final int PORT = 9000;
    private static final int WINDOW = 48;
    private static final long RESEND_NS = 200_000_000;

    private final MemoryHost from;
    private final byte[] destination;
    private final FileChannel file;
    private final FileChannel received;
    private final int chunk;
    private final int chunks;
    private final BitSet acknowledged = new BitSet();
    private final long[] sentNs = new long[WINDOW];
    private int base;
    private int next;
    private int resent;
    private final BitSet arrived = new BitSet();
    private volatile long bytes;

    /** Prepares to send {@code path} from one host to another at {@code destination}, which writes it to {@code copy}. */
    public MemoryTransfer(MemoryHost from, MemoryHost to, byte[] destination, Path path, Path copy) throws IOException {
        this.from = from;
        this.destination = destination;
        this.file = FileChannel.open(path, StandardOpenOption.READ);
        this.received = FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        this.chunk = from.largestPayload() - Integer.BYTES;
        this.chunks = Math.toIntExact((file.size() + chunk - 1) / chunk);
        from.listen(PORT + 1, (sender, port, buffer, offset, length) -> onAcknowledgement(buffer.getInt(offset)));
        final UnsafeBuffer answer = new UnsafeBuffer(new byte[Integer.BYTES]);
        to.listen(PORT, (sender, port, buffer, offset, length) -> {
            onChunk(buffer, offset, length);
            answer.putInt(0, buffer.getInt(offset));
            to.send(PORT, sender, port, answer, Integer.BYTES);
        });
    }

    /** Bytes that have arrived so far. */
    public long bytes() {
        return bytes;
    }

    /** Packets sent again; known at the end. */
    public int resent() {
        return resent;
    }

    /** Sends it all; returns when everything is acknowledged. */
    public void run() throws IOException {
        final UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(chunk + Integer.BYTES));
        final IdleStrategy idle = new BackoffIdleStrategy();
        while (true) {
            final int due = due(System.nanoTime());
            if (due == chunks) {
                break;
            }
            boolean sent = false;
            if (due >= 0) {
                payload.putInt(0, due);
                final ByteBuffer data = payload.byteBuffer().clear().position(Integer.BYTES);
                final int length = Integer.BYTES + file.read(data, (long) due * chunk);
                sent = from.send(PORT + 1, destination, PORT, payload, length);
                if (sent) {
                    onSent(due);
                }
            }
            idle.idle(sent ? 1 : 0);
        }
        file.close();
        received.close();
    }

    /** The chunk to send now; -1: none; the number of chunks: all are acknowledged. */
    private synchronized int due(long nowNs) {
        while (base < next && acknowledged.get(base)) {
            base++;
        }
        if (base == chunks) {
            return chunks;
        }
        for (int number = base; number < next; number++) {
            if (!acknowledged.get(number) && nowNs - sentNs[number % WINDOW] > RESEND_NS) {
                return number;
            }
        }
        return next < chunks && next - base < WINDOW ? next : -1;
    }

    private synchronized void onSent(int number) {
        sentNs[number % WINDOW] = System.nanoTime();
        if (number == next) {
            next++;
        } else {
            resent++;
        }
    }

    private synchronized void onAcknowledgement(int number) {
        if (number >= base && number < next) {
            acknowledged.set(number);
        }
    }

    private void onChunk(DirectBuffer buffer, int offset, int length) {
        final int number = buffer.getInt(offset);
        if (number < 0 || number >= chunks || arrived.get(number)) {
            return;
        }
        final byte[] data = new byte[length - Integer.BYTES];
        buffer.getBytes(offset + Integer.BYTES, data);
        try {
            received.write(ByteBuffer.wrap(data), (long) number * chunk);
        } catch (IOException e) {
            throw new UncheckedIOException("could not write what arrived", e);
        }
        arrived.set(number);
        bytes += data.length;
    }
}
