package org.pairspan.node.handshake;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** The bounded way from the data thread to the thread of the key exchanges. Copies, and allocates nothing. */
final class ExchangeOrders {
    /** Type of an order to begin an exchange. */
    static final int START = 1;
    /** Type of an order that holds a handshake message of a peer. */
    static final int MESSAGE = 2;
    /** Where the message begins in such an order. */
    static final int MESSAGE_OFFSET = Integer.BYTES;
    /** Bytes of orders that may wait: a flight of a hundred peers. */
    static final int CAPACITY = 256 * 1024;

    private static final int GENERATION_OFFSET = Long.BYTES;
    private static final int EPOCH_OFFSET = Integer.BYTES;
    private static final int START_LENGTH = 2 * Long.BYTES;
    private static final int BATCH = 64;

    private final OneToOneRingBuffer ring = new OneToOneRingBuffer(new UnsafeBuffer(
            ByteBuffer.allocateDirect(CAPACITY + RingBufferDescriptor.TRAILER_LENGTH)));

    /** Data thread; false when there is no room. */
    boolean start(int peerNumber, long generation, int epoch) {
        int index = ring.tryClaim(START, START_LENGTH);
        if (index < 0) {
            return false;
        }
        ring.buffer().putInt(index, peerNumber);
        ring.buffer().putInt(index + EPOCH_OFFSET, epoch);
        ring.buffer().putLong(index + GENERATION_OFFSET, generation);
        ring.commit(index);
        return true;
    }

    /** Data thread; false when there is no room. */
    boolean message(int peerNumber, DirectBuffer message, int offset, int length) {
        int index = ring.tryClaim(MESSAGE, MESSAGE_OFFSET + length);
        if (index < 0) {
            return false;
        }
        ring.buffer().putInt(index, peerNumber);
        ring.buffer().putBytes(index + MESSAGE_OFFSET, message, offset, length);
        ring.commit(index);
        return true;
    }

    /** The other thread. */
    int drain(MessageHandler handler) {
        return ring.read(handler, BATCH);
    }

    static int peerNumber(MutableDirectBuffer order, int index) {
        return order.getInt(index);
    }

    static int epoch(MutableDirectBuffer order, int index) {
        return order.getInt(index + EPOCH_OFFSET);
    }

    static long generation(MutableDirectBuffer order, int index) {
        return order.getLong(index + GENERATION_OFFSET);
    }
}
