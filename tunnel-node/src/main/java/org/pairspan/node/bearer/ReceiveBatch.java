package org.pairspan.node.bearer;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.posix.ControlMessage;
import org.pairspan.node.posix.IoVector;
import org.pairspan.node.posix.MessageHeader;
import org.pairspan.node.posix.MultiMessageHeader;
import org.pairspan.node.posix.PacketCalls;
import org.pairspan.node.posix.Posix;
import org.pairspan.node.posix.SocketName;

/**
 * What one {@code recvmmsg} brings: several messages, each of one datagram or, with UDP GRO, of several of one length that came in a row
 * from one source. {@link #next} walks over the datagrams.
 */
final class ReceiveBatch {
    private static final int NAME_ROOM = 32;
    private static final int CONTROL_ROOM = 64;

    private final int slots;
    private final int slotLength;
    private final UnsafeBuffer data;
    private final UnsafeBuffer headers;
    private final UnsafeBuffer vectors;
    private final UnsafeBuffer names;
    private final UnsafeBuffer controls;

    private int filled;
    private int slot;
    private int position;
    private int end;
    private int datagramStep;
    private int datagramOffset;
    private int datagramLength;

    /**
     * @param slots      most messages in one call.
     * @param slotLength room for each, in bytes.
     */
    ReceiveBatch(int slots, int slotLength) {
        this.slots = slots;
        this.slotLength = slotLength;
        data = direct(slots * slotLength);
        headers = direct(slots * MultiMessageHeader.LENGTH);
        vectors = direct(slots * IoVector.LENGTH);
        names = direct(slots * NAME_ROOM);
        controls = direct(slots * CONTROL_ROOM);
        for (int i = 0; i < slots; i++) {
            IoVector.put(vectors, i * IoVector.LENGTH, data.addressOffset() + (long) i * slotLength, slotLength);
            MessageHeader.put(headers, i * MultiMessageHeader.LENGTH, names.addressOffset() + i * NAME_ROOM, NAME_ROOM,
                    vectors.addressOffset() + i * IoVector.LENGTH, 1, controls.addressOffset() + i * CONTROL_ROOM, CONTROL_ROOM);
        }
    }

    /**
     * Fills the batch from a socket, without waiting. What was left in it is gone.
     *
     * @return whether anything came.
     */
    boolean receive(int descriptor) {
        for (int i = 0; i < filled; i++) {
            MessageHeader.putRoom(headers, i * MultiMessageHeader.LENGTH, NAME_ROOM, CONTROL_ROOM);
        }
        int received = PacketCalls.recvmmsg(descriptor, headers.addressOffset(), slots, Posix.MSG_DONTWAIT);
        filled = Math.max(received, 0);
        slot = -1;
        position = 0;
        end = 0;
        return filled > 0;
    }

    /**
     * Steps to the next datagram.
     *
     * @return whether there is one.
     */
    boolean next() {
        if (position >= end && !nextSlot()) {
            return false;
        }
        datagramOffset = position;
        datagramLength = Math.min(datagramStep, end - position);
        position += datagramLength;
        return true;
    }

    private boolean nextSlot() {
        while (++slot < filled) {
            int header = slot * MultiMessageHeader.LENGTH;
            int length = headers.getInt(header + MultiMessageHeader.OCTETS_OFFSET);
            if (length > 0) {
                int gathered = ControlMessage.gatheredLength(controls, slot * CONTROL_ROOM,
                        (int) headers.getLong(header + MessageHeader.CONTROL_LENGTH_OFFSET));
                position = slot * slotLength;
                end = position + length;
                datagramStep = gathered > 0 ? gathered : length;
                return true;
            }
        }
        return false;
    }

    DirectBuffer data() {
        return data;
    }

    int offset() {
        return datagramOffset;
    }

    int length() {
        return datagramLength;
    }

    /** Whether the last {@link #receive} filled every slot, so that more may wait. */
    boolean isFull() {
        return filled == slots;
    }

    /** Holds the {@link SocketName} of the datagram's source at {@link #sourceOffset()}. */
    DirectBuffer source() {
        return names;
    }

    int sourceOffset() {
        return slot * NAME_ROOM;
    }

    int sourceLength() {
        return headers.getInt(slot * MultiMessageHeader.LENGTH + MessageHeader.NAME_LENGTH_OFFSET);
    }

    private static UnsafeBuffer direct(int length) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(length));
    }
}
