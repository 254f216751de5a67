package org.pairspan.node.bearer;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.protocol.wire.DropCounters;

/** One bearer, and what came out of it. */
final class BearerSide implements AutoCloseable {
    static final int TERM_LENGTH = 8 << 20;

    final SecurityAssociationDatabase database = PeerPair.database();
    final DropCounters drops = new DropCounters();
    final List<Throwable> errors = new ArrayList<>();
    final List<String> messages = new ArrayList<>();
    final Deque<byte[]> pieces = new ArrayDeque<>();
    final Deque<Long> headers = new ArrayDeque<>();
    final List<String> warnings = new ArrayList<>();
    final InetSocketAddress address;
    final StreamMemory memory;
    final Bearer bearer;
    /** What the file system says is free. */
    long freeBytes = 1L << 40;
    /** How far the time is ahead of the machine's. */
    long aheadNs;
    Runnable onMessage = () -> { };
    PeerAssociations peer;
    PeerStream stream;

    BearerSide(InetSocketAddress address, Path directory) {
        this.address = address;
        memory = new StreamMemory(new StreamMemory.Store() {
            @Override
            public long freeBytes() {
                return freeBytes;
            }

            @Override
            public long takenBytes(String file) {
                return 0;
            }
        }, this::nowNs, warnings::add);
        bearer = new Bearer(new BearerSettings(address, 1500, TERM_LENGTH, TERM_LENGTH / 2, 1 << 20, directory), database,
                PeerPair.NO_DEMAND, (from, message, offset, length, nowNs) -> {
                    messages.add(from.peerNumber() + " " + message.getByte(offset) + " " + length);
                    onMessage.run();
                }, drops, this::nowNs, errors::add, memory);
    }

    long nowNs() {
        return System.nanoTime() + aheadNs;
    }

    void join(int own, int other, InetSocketAddress otherAddress) {
        peer = PeerPair.install(database, own, other, otherAddress, 1);
        stream = bearer.open(peer);
    }

    void turn() {
        bearer.receive(nowNs());
        bearer.doWork();
        poll();
    }

    void poll() {
        if (stream != null) {
            stream.poll((header, buffer, offset, length) -> {
                byte[] piece = new byte[length];
                buffer.getBytes(offset, piece);
                pieces.add(piece);
                headers.add(header);
            }, 1000);
        }
    }

    boolean offer(byte[] piece, long header) {
        if (stream.claim(piece.length) != PeerStream.CLAIMED) {
            return false;
        }
        stream.claimed().putBytes(stream.claimedOffset(), piece);
        stream.commit(header);
        return true;
    }

    @Override
    public void close() {
        bearer.close();
        database.destroy();
    }
}
