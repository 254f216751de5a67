package org.pairspan.protocol.transport;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.wire.DropReason;

/**
 * Puts datagrams together from their fragments in a fixed number of slots of direct memory; a datagram of one fragment passes
 * without a copy. Memory is taken once and bounded; nothing is allocated per fragment. One thread.
 *
 * <p>A fragment that contradicts itself or the ones before it is refused and what was gathered stays. When all slots are taken, the
 * datagram that has waited longest gives way.
 */
public final class Reassembler {
    /** Fragments that one datagram may have at most. */
    public static final int MAX_FRAGMENTS = 1024;

    private final int maxDatagram;
    private final long timeoutNs;
    private final ReassemblySlot[] slots;
    private final UnsafeBuffer complete = new UnsafeBuffer(0, 0);
    private ReassemblySlot recent;

    /**
     * @param slots datagrams that can be incomplete at a time, 1 or more.
     * @param maxDatagram longest datagram in bytes, 1 to 65,535; each slot takes as much direct memory.
     * @param timeoutNs how long after its first fragment an incomplete datagram is given up.
     */
    public Reassembler(int slots, int maxDatagram, long timeoutNs) {
        if (slots < 1 || maxDatagram < 1 || maxDatagram > FragmentHeader.MAX_TOTAL || timeoutNs < 1) {
            throw new IllegalArgumentException("reassembly needs a slot, datagrams of 1 to 65535 bytes and a timeout: " + slots
                + " slots, " + maxDatagram + " bytes, " + timeoutNs + " ns");
        }
        this.maxDatagram = maxDatagram;
        this.timeoutNs = timeoutNs;
        ByteBuffer memory = ByteBuffer.allocateDirect(slots * maxDatagram);
        this.slots = new ReassemblySlot[slots];
        Arrays.setAll(this.slots, i -> new ReassemblySlot(new UnsafeBuffer(memory, i * maxDatagram, maxDatagram)));
        this.recent = this.slots[0];
    }

    /**
     * Takes one authentic fragment.
     *
     * @return the length of a datagram that this fragment completes, in {@link #buffer()} until the next call; 0 when more are
     *     needed or the fragment came before; or the negated id of a {@link DropReason}. With {@code FRAGMENT_MALFORMED} this
     *     fragment is refused; with {@code REASSEMBLY_OVERFLOW} and {@code REASSEMBLY_TIMEOUT} it is kept, and it was another
     *     datagram, incomplete until now, that was given up for it.
     */
    public int onFragment(int spi, long header, DirectBuffer payload, int offset, int length, long nowNs) {
        int at = FragmentHeader.offset(header);
        int total = FragmentHeader.total(header);
        if (total > maxDatagram || length < 1 || at + length > total) {
            return -DropReason.FRAGMENT_MALFORMED.id();
        }
        payload.boundsCheck(offset, length);
        if (length == total) {
            complete.wrap(payload, offset, length);
            return length;
        }
        // Every fragment but the last has the length of the chunk, and offsets are multiples of the chunk.
        boolean last = at + length == total;
        if (!last && (at % length != 0 || Fragments.count(total, length) > MAX_FRAGMENTS)) {
            return -DropReason.FRAGMENT_MALFORMED.id();
        }
        int result = 0;
        ReassemblySlot slot = find(spi, header);
        if (slot != null && slot.isOlderThan(timeoutNs, nowNs)) {
            slot.release();
            slot = null;
            result = -DropReason.REASSEMBLY_TIMEOUT.id();
        }
        if (slot == null) {
            slot = freeOrOldest();
            if (slot.isTaken()) {
                result = slot.isOlderThan(timeoutNs, nowNs)
                    ? -DropReason.REASSEMBLY_TIMEOUT.id() : -DropReason.REASSEMBLY_OVERFLOW.id();
            }
            slot.take(spi, FragmentHeader.datagramId(header), total, nowNs);
        }
        recent = slot;
        if (!slot.accepts(total, at, length, last)) {
            return -DropReason.FRAGMENT_MALFORMED.id();
        }
        if (slot.add(payload, offset, at, length, last)) {
            complete.wrap(slot.memory(), 0, total);
            slot.release();
            return total;
        }
        return result;
    }

    /**
     * The datagram that the last {@link #onFragment} completed, from index 0. One of a single fragment is the payload itself, not a
     * copy, and lasts no longer than that.
     */
    public UnsafeBuffer buffer() {
        return complete;
    }

    /** Gives up datagrams whose time is over; answers how many, each to be counted as {@code REASSEMBLY_TIMEOUT}. */
    public int expire(long nowNs) {
        int expired = 0;
        for (ReassemblySlot slot : slots) {
            if (slot.isTaken() && slot.isOlderThan(timeoutNs, nowNs)) {
                slot.release();
                expired++;
            }
        }
        return expired;
    }

    /** Datagrams that are incomplete now. */
    public int incomplete() {
        int taken = 0;
        for (ReassemblySlot slot : slots) {
            if (slot.isTaken()) {
                taken++;
            }
        }
        return taken;
    }

    private ReassemblySlot find(int spi, long header) {
        int datagramId = FragmentHeader.datagramId(header);
        // Fragments of a datagram mostly come back to back.
        if (recent.holds(spi, datagramId)) {
            return recent;
        }
        for (ReassemblySlot slot : slots) {
            if (slot.holds(spi, datagramId)) {
                return slot;
            }
        }
        return null;
    }

    private ReassemblySlot freeOrOldest() {
        ReassemblySlot oldest = slots[0];
        for (ReassemblySlot slot : slots) {
            if (!slot.isTaken()) {
                return slot;
            }
            if (slot.isOlderThan(oldest)) {
                oldest = slot;
            }
        }
        return oldest;
    }
}
