package org.pairspan.node.device;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What a packet still lacks, told in front of it: a checksum to be completed, a TCP stream's stretch to be cut into segments.
 * {@code struct virtio_net_hdr} (virtio 1.2, 5.1.6), little endian.
 * <pre>
 *   0       1       2               4               6               8               10
 *   | flags | type  | header length | segment size  | csum start    | csum offset   |
 * </pre>
 * Lengths and offsets count from the first octet of the IP packet. The checksum is to be computed from {@code csum start} to the
 * end and stored at {@code csum start + csum offset}.
 *
 * <p>It is between the node and its own kernel alone: it never crosses the network, and no claim of a peer is copied into it.
 */
public final class OffloadHeader {
    public static final int LENGTH = 10;

    public static final int FLAGS_OFFSET = 0;
    public static final int TYPE_OFFSET = 1;
    public static final int HEADER_LENGTH_OFFSET = 2;
    public static final int SEGMENT_SIZE_OFFSET = 4;
    public static final int CHECKSUM_START_OFFSET = 6;
    public static final int CHECKSUM_OFFSET_OFFSET = 8;

    /** Flag: the checksum is yet to be completed. */
    public static final int NEEDS_CHECKSUM = 1;

    /** Type: one packet, nothing to cut. */
    public static final int TYPE_NONE = 0;
    /** A stretch of a TCP stream over IPv4 behind one header (TSO). */
    public static final int TYPE_TCP_IPV4 = 1;
    /** The same over IPv6. */
    public static final int TYPE_TCP_IPV6 = 4;
    /** UDP datagrams of one flow and equal length, the last may be shorter, behind one header (USO; either family). Written only. */
    public static final int TYPE_UDP_SEGMENTS = 5;
    /** May be added to a TCP type: the stretch carries congestion marks (RFC 3168). */
    public static final int TYPE_ECN = 0x80;

    private OffloadHeader() {
    }

    /** {@link #NEEDS_CHECKSUM} or 0, and whatever else the kernel says. */
    public static int flags(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + FLAGS_OFFSET) & 0xFF;
    }

    /** One of the types here, {@link #TYPE_ECN} perhaps added. */
    public static int type(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + TYPE_OFFSET) & 0xFF;
    }

    /** Bytes of payload in each segment to be cut, 0 to 65,535; without meaning for {@link #TYPE_NONE}. */
    public static int segmentSize(DirectBuffer buffer, int offset) {
        return unsignedShort(buffer, offset + SEGMENT_SIZE_OFFSET);
    }

    /** Where the octets that the checksum covers begin: of the IP packet, 0 to 65,535. */
    public static int checksumStart(DirectBuffer buffer, int offset) {
        return unsignedShort(buffer, offset + CHECKSUM_START_OFFSET);
    }

    /** Where the checksum stands, from {@link #checksumStart}, 0 to 65,535. */
    public static int checksumOffset(DirectBuffer buffer, int offset) {
        return unsignedShort(buffer, offset + CHECKSUM_OFFSET_OFFSET);
    }

    /** Writes the header of a packet that lacks nothing. */
    public static void putNone(MutableDirectBuffer buffer, int offset) {
        buffer.setMemory(offset, LENGTH, (byte) 0);
    }

    /** Writes all fields. */
    public static void put(MutableDirectBuffer buffer, int offset, int flags, int type, int headerLength, int segmentSize,
            int checksumStart, int checksumOffset) {
        buffer.putByte(offset + FLAGS_OFFSET, (byte) flags);
        buffer.putByte(offset + TYPE_OFFSET, (byte) type);
        buffer.putShort(offset + HEADER_LENGTH_OFFSET, (short) headerLength, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(offset + SEGMENT_SIZE_OFFSET, (short) segmentSize, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(offset + CHECKSUM_START_OFFSET, (short) checksumStart, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(offset + CHECKSUM_OFFSET_OFFSET, (short) checksumOffset, ByteOrder.LITTLE_ENDIAN);
    }

    private static int unsignedShort(DirectBuffer buffer, int index) {
        return buffer.getShort(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
