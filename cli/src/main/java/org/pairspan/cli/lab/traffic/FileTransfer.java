package org.pairspan.cli.lab.traffic;

import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.Namespace;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One file over one TCP connection: sent from a namespace, received and written in another. The connection's end is the file's end;
 * the receiver answers one byte when it has everything, so that a lost end shows.
 */
public final class FileTransfer implements AutoCloseable {

    private static final int BLOCK = 1 << 18;
    private static final int TIMEOUT_MS = 20_000;

    private final ServerSocketChannel server;
    private final Path received;
    private final CompletableFuture<Void> sent = new CompletableFuture<>();
    private final CompletableFuture<Void> arrived = new CompletableFuture<>();
    private volatile long bytes;
    private volatile long firstByteNs;
    private volatile long lastByteNs;

    private FileTransfer(ServerSocketChannel server, Path received) {
        this.server = server;
        this.received = received;
    }

    /**
     * Starts a transfer.
     *
     * @param from where the sender runs
     * @param to where the receiver listens, at {@code address} (the port is free to choose with 0)
     * @param file what is sent
     * @param received where it is written, new
     */
    public static FileTransfer start(Namespace from, Namespace to, InetSocketAddress address, Path file, Path received) {
        final ServerSocketChannel server = to.call(() -> ServerSocketChannel.open().bind(address));
        final FileTransfer transfer = new FileTransfer(server, received);
        to.start("file-receiver", transfer::receive);
        from.start("file-sender", () -> transfer.send(file));
        return transfer;
    }

    /** Bytes that have arrived so far. */
    public long bytes() {
        return bytes;
    }

    /**
     * Waits a while for the end.
     *
     * @return whether the transfer has ended
     * @throws LabException when either side failed
     */
    public boolean endsWithin(Duration limit) {
        try {
            CompletableFuture.allOf(arrived, sent).get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new LabException("the transfer failed after " + bytes + " bytes: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while a file was on its way", e);
        }
    }

    /** Megabits of file a second, from the first byte's arrival to the last's. */
    public double megabitsPerSecond() {
        return bytes * 8e3 / Math.max(1, lastByteNs - firstByteNs);
    }

    /** Seconds from the first byte's arrival to the last's. */
    public double seconds() {
        return (lastByteNs - firstByteNs) / 1e9;
    }

    /**
     * Waits for the end.
     *
     * @throws LabException when either side failed or the time ran out
     */
    public void await(Duration limit) {
        if (!endsWithin(limit)) {
            throw new LabException("the transfer has not ended after " + limit.toSeconds() + " s; " + bytes + " bytes have arrived");
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    @Override
    public String toString() {
        return "%d bytes in %.1f s, %.0f Mbit/s".formatted(bytes, seconds(), megabitsPerSecond());
    }

    private void receive() {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
        try (SocketChannel connection = server.accept(); FileChannel file = FileChannel.open(received,
            StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (connection.read(buffer) >= 0) {
                lastByteNs = System.nanoTime();
                if (bytes == 0) {
                    firstByteNs = lastByteNs;
                }
                buffer.flip();
                while (buffer.hasRemaining()) {
                    bytes += file.write(buffer);
                }
                buffer.clear();
            }
            connection.write(ByteBuffer.wrap(new byte[1]));
            arrived.complete(null);
        } catch (IOException e) {
            arrived.completeExceptionally(e);
        }
    }

    private void send(Path path) {
        try (SocketChannel connection = SocketChannel.open(); FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            connection.socket().connect(server.getLocalAddress(), TIMEOUT_MS);
            for (long at = 0; at < file.size(); ) {
                at += file.transferTo(at, file.size() - at, connection);
            }
            connection.shutdownOutput();
            if (connection.read(ByteBuffer.allocate(1)) != 1) {
                throw new IOException("the receiver closed before it had everything");
            }
            sent.complete(null);
        } catch (IOException e) {
            sent.completeExceptionally(e);
        }
    }
}
