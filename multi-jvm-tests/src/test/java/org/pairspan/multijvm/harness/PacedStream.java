package org.pairspan.multijvm.harness;

import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.Namespace;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.LockSupport;

/** One TCP connection that carries bytes one way without an end, at most at a given rate, and checks that they arrive as they were sent. */
public final class PacedStream implements AutoCloseable {

    private static final int BLOCK = 1 << 15;
    private static final int TIMEOUT_MS = 20_000;

    private final ServerSocketChannel server;
    private final long bytesPerSecond;
    private volatile long bytes;
    private volatile long wrong;
    private volatile Exception failure;
    private volatile boolean stopping;

    private PacedStream(ServerSocketChannel server, long bytesPerSecond) {
        this.server = server;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Starts a stream to an address (a free port is chosen) of another namespace. */
    public static PacedStream start(Namespace from, Namespace to, InetSocketAddress address, long bytesPerSecond) {
        final PacedStream stream = new PacedStream(to.call(() -> ServerSocketChannel.open().bind(address)), bytesPerSecond);
        to.start("stream-receiver", stream::receive);
        from.start("stream-sender", stream::send);
        return stream;
    }

    /** Bytes that have arrived so far. */
    public long bytes() {
        return bytes;
    }

    /** The port of the receiving end. */
    public int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** Throws what went wrong, when anything has. */
    public void check() {
        if (failure != null) {
            throw new LabException("the stream broke after " + bytes + " bytes: " + failure, failure);
        }
        if (wrong > 0) {
            throw new LabException(wrong + " bytes of the stream arrived as they were not sent");
        }
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        server.close();
    }

    private void send() {
        final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        final long start = System.nanoTime();
        long sent = 0;
        try (SocketChannel connection = SocketChannel.open()) {
            connection.socket().connect(server.getLocalAddress(), TIMEOUT_MS);
            while (!stopping) {
                for (int i = 0; i < BLOCK; i++) {
                    block.put(i, octet(sent + i));
                }
                block.clear();
                while (block.hasRemaining()) {
                    connection.write(block);
                }
                sent += BLOCK;
                final long aheadNs = (long) (sent * (1e9 / bytesPerSecond)) - (System.nanoTime() - start);
                if (aheadNs > 0) {
                    LockSupport.parkNanos(aheadNs);
                }
            }
        } catch (IOException e) {
            fail(e);
        }
    }

    private void receive() {
        final ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        try (SocketChannel connection = server.accept()) {
            while (!stopping && connection.read(block) >= 0) {
                block.flip();
                long at = bytes;
                while (block.hasRemaining()) {
                    if (block.get() != octet(at++)) {
                        wrong++;
                    }
                }
                bytes = at;
                block.clear();
            }
        } catch (AsynchronousCloseException e) {
            return;
        } catch (IOException e) {
            fail(e);
        }
    }

    /** What stands at a place of the stream; no power of two is a period of it. */
    private static byte octet(long place) {
        return (byte) (place % 251);
    }

    private void fail(IOException cause) {
        if (!stopping && !(cause instanceof ClosedChannelException)) {
            failure = cause;
        }
    }
}
