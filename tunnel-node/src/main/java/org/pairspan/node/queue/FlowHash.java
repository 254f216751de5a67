package org.pairspan.node.queue;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Numbers the flow of a packet by its addresses, its protocol and, where it has them, its ports. Keyed by two random words of the node, so
 * that nobody outside can choose packets that share a queue with another's.
 */
public final class FlowHash {
    private static final int IPV4_MORE_FRAGMENTS_OR_OFFSET = 0x3FFF;
    private static final int IPV6_HEADER = 40;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int DCCP = 33;
    private static final int SCTP = 132;

    private final long key0;
    private final long key1;

    /**
     * @param key0 random.
     * @param key1 random.
     */
    public FlowHash(long key0, long key1) {
        this.key0 = key0;
        this.key1 = key1;
    }

    /**
     * The flow of a well-formed IP packet. Fragments count by their addresses alone, the first one too: their flow is one.
     *
     * @param packet holding it.
     * @param offset where it begins.
     * @param length its length in bytes.
     * @return any number.
     */
    public int of(DirectBuffer packet, int offset, int length) {
        long hash;
        int protocol;
        int header;
        if ((packet.getByte(offset) & 0xF0) == 0x40) {
            protocol = packet.getByte(offset + 9) & 0xFF;
            header = (packet.getByte(offset) & 0x0F) * Integer.BYTES;
            boolean fragment = (packet.getShort(offset + 6, ByteOrder.BIG_ENDIAN) & IPV4_MORE_FRAGMENTS_OR_OFFSET) != 0;
            hash = mixed(key0 ^ packet.getLong(offset + 12));
            header = fragment ? length : header;
        } else {
            protocol = packet.getByte(offset + 6) & 0xFF;
            header = IPV6_HEADER;
            hash = mixed(key0 ^ packet.getLong(offset + 8));
            hash = mixed(hash ^ packet.getLong(offset + 16));
            hash = mixed(hash ^ packet.getLong(offset + 24));
            hash = mixed(hash ^ packet.getLong(offset + 32));
        }
        boolean ports = (protocol == TCP || protocol == UDP || protocol == DCCP || protocol == SCTP)
                && length - header >= Integer.BYTES;
        long rest = (long) protocol << Integer.SIZE | (ports ? packet.getInt(offset + header) & 0xFFFF_FFFFL : 0);
        return (int) mixed(hash ^ key1 ^ rest);
    }

    /** The finaliser of SplitMix64: every bit of the input bears on every bit of the result. */
    private static long mixed(long word) {
        long x = (word ^ word >>> 30) * 0xBF58476D1CE4E5B9L;
        x = (x ^ x >>> 27) * 0x94D049BB133111EBL;
        return x ^ x >>> 31;
    }
}
