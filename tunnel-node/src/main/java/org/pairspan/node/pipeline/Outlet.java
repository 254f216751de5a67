package org.pairspan.node.pipeline;

import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.pairspan.node.bearer.PieceStream;
import org.pairspan.node.queue.FairQueue;
import org.pairspan.node.queue.FlowHash;
import org.pairspan.node.queue.PacketPool;
import org.pairspan.node.queue.Patience;
import org.pairspan.protocol.wire.Counter;
import org.pairspan.protocol.wire.DropReason;

/**
 * Where packets of one class leave for one peer: straight into its stream while that takes them and nothing waits, else through a
 * {@link FairQueue}. A peer whose stream takes nothing delays nobody else's packets, a reliable class that waits for its window does not
 * delay the datagrams, and among the packets of an outlet the small flows go first. Data thread.
 */
final class Outlet {
    private final PacketSender sender;
    private final BooleanSupplier open;
    private final PacketPool pool;
    private final FlowHash hash;
    private final Patience patience;
    private final Counter packets = new Counter();
    private final Counter bytes = new Counter();
    private boolean disconnected;
    private volatile FairQueue queue;

    /**
     * @param sender   of the class to the peer's stream.
     * @param open     whether packets may go to the peer now: there are keys.
     * @param pool     of the node, for packets that wait.
     * @param hash     of the node.
     * @param patience of the class with packets that wait.
     */
    Outlet(PacketSender sender, BooleanSupplier open, PacketPool pool, FlowHash hash, Patience patience) {
        this.sender = sender;
        this.open = open;
        this.pool = pool;
        this.hash = hash;
        this.patience = patience;
    }

    /** Sends a packet or lets it wait. It is counted as dropped where it can do neither. */
    void offer(DirectBuffer packet, int offset, int length, int traits, long nowNs) {
        if (waiting() > 0) {
            enqueue(packet, offset, length, traits, nowNs);
        } else if (!send(packet, offset, length, traits, nowNs)) {
            if (!sender.isUnderWay()) {
                enqueue(packet, offset, length, traits, nowNs);
            } else if (!queue().addCurrent(packet, offset, length, traits, nowNs)) {
                sender.abandon();
            }
        }
    }

    /** Sends what waits, as far as the stream takes it: how many packets. */
    int serve(long nowNs) {
        if (waiting() == 0) {
            return 0;
        }
        int served = 0;
        while (queue.choose(nowNs) && send(queue.current(), 0, queue.currentLength(), queue.currentTraits(), nowNs)) {
            queue.finish();
            served++;
        }
        return served;
    }

    /** Gives up what has waited for longer than the patience. A few times a second. */
    void expire(long patienceNs, long nowNs) {
        if (waiting() > 0 && queue.expire(patienceNs, nowNs, DropReason.HOLD_EXPIRED) && sender.isUnderWay()) {
            sender.abandon();
        }
    }

    /** The peer is gone: what waits is dropped. Nothing may be offered any more. */
    void close() {
        if (queue != null) {
            queue.close(DropReason.PEER_CLOSED);
        }
    }

    /** @param roundTripNs to the peer and back, as measured. */
    void followRoundTrip(long roundTripNs) {
        if (queue != null) {
            queue.followRoundTrip(roundTripNs);
        }
    }

    /** Whether the last packet that was tried found nobody at the other end. */
    boolean isDisconnected() {
        return disconnected;
    }

    /** Packets that wait. Any thread. */
    long waiting() {
        FairQueue seen = queue;
        return seen == null ? 0 : seen.packets();
    }

    /** Packets that are in the stream. Any thread. */
    long packets() {
        return packets.get();
    }

    /** Bytes of these packets. Any thread. */
    long bytes() {
        return bytes.get();
    }

    private boolean send(DirectBuffer packet, int offset, int length, int traits, long nowNs) {
        int result = open.getAsBoolean() ? sender.send(packet, offset, length, traits, nowNs) : PieceStream.NOT_CONNECTED;
        boolean wasDisconnected = disconnected;
        disconnected = result == PieceStream.NOT_CONNECTED;
        if (wasDisconnected && !disconnected && queue != null) {
            queue.resume(nowNs);
        }
        if (result != PieceStream.CLAIMED) {
            return false;
        }
        packets.increment();
        bytes.add(length);
        return true;
    }

    private void enqueue(DirectBuffer packet, int offset, int length, int traits, long nowNs) {
        queue().add(hash.of(packet, offset, length), packet, offset, length, traits, nowNs);
    }

    /** Taken when a packet has to wait for the first time: most peers need none. */
    private FairQueue queue() {
        if (queue == null) {
            queue = new FairQueue(pool, patience);
        }
        return queue;
    }
}
