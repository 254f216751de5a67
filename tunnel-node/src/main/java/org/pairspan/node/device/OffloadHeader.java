package org.pairspan.node.device;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.classify.PlainTransport;

/**
 * What a packet still lacks, told in front of it: a checksum to be completed, a TCP stream's stretch to be cut into segments.
 * {@code struct virtio_net_hdr} (virtio 1.2, 5.1.6), little endian.
 * <pre>
 *   0       1       2               4               6               8               10
 *   | flags | type  | header length | segment size  | csum start    | csum offset   |
 * </pre>
 * Lengths and offsets count from the first octet of the IP packet. The checksum is to be computed from {@code csum start} to the
 * end and stored at {@code csum start + csum offset}.
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
    /** Flag: the checksum was found right by who gave the packet. */
    public static final int DATA_VALID = 2;

    /** Type: one packet, nothing to cut. */
    public static final int TYPE_NONE = 0;
    public static final int TYPE_TCP_IPV4 = 1;
    public static final int TYPE_TCP_IPV6 = 4;
    /** UDP datagrams of one flow and equal length, the last may be shorter, behind one header (USO; either family). */
    public static final int TYPE_UDP_SEGMENTS = 5;
    /** May be added to a TCP type: the stretch carries congestion marks (RFC 3168). */
    public static final int TYPE_ECN = 0x80;

    /** What the kernel holds to be the smallest sensible segment (TCP_MIN_GSO_SIZE); less would be many packets out of one. */
    private static final int SMALLEST_SEGMENT = 8;
    private static final int LONGEST_PACKET = 65_535;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int IPV4_PROTOCOL_OFFSET = 9;
    private static final int PROTOCOL_TCP = 6;
    private static final int TCP_HEADER = 20;
    private static final int TCP_CHECKSUM_OFFSET = 16;
    private static final int TCP_FLAGS_OFFSET = 13;
    private static final int TCP_CWR = 0x80;
    private static final int UDP_CHECKSUM_OFFSET = 6;

    private OffloadHeader() {
    }

    public static int flags(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + FLAGS_OFFSET) & 0xFF;
    }

    public static int type(DirectBuffer buffer, int offset) {
        return buffer.getByte(offset + TYPE_OFFSET) & 0xFF;
    }

    public static int headerLength(DirectBuffer buffer, int offset) {
        return unsignedShort(buffer, offset + HEADER_LENGTH_OFFSET);
    }

    public static int segmentSize(DirectBuffer buffer, int offset) {
        return unsignedShort(buffer, offset + SEGMENT_SIZE_OFFSET);
    }

    public static int checksumStart(DirectBuffer buffer, int offset) {
        return unsignedShort(buffer, offset + CHECKSUM_START_OFFSET);
    }

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

    /**
     * Makes the header of a packet that came from a peer out of the packet itself, so that no claim of the peer reaches the kernel:
     * where the checksum lies follows from the IP header.
     *
     * @param header where the header goes; nothing is written when false is answered
     * @param needsChecksum whether the TCP or UDP checksum field holds no more than the sum of the pseudo-header
     * @param segmentSize octets of payload in each segment that a TCP super-packet is to be cut into, 1..65535; 0 for one packet
     * @return false when the packet cannot be what is said of it: only plain TCP and UDP ({@link PlainTransport}) can lack their
     *     checksum, and only plain TCP that lacks it can be a super-packet
     */
    public static boolean derive(MutableDirectBuffer header, int at, DirectBuffer ip, int offset, int length,
            boolean needsChecksum, int segmentSize) {
        if (!needsChecksum) {
            if (segmentSize == 0) {
                putNone(header, at);
            }
            return segmentSize == 0;
        }
        int ipHeader = length > LONGEST_PACKET ? 0 : PlainTransport.ipHeaderLength(ip, offset, length);
        if (ipHeader == 0) {
            return false;
        }
        boolean tcp = PlainTransport.protocol(ip, offset) == PlainTransport.TCP;
        int checksumOffset = tcp ? TCP_CHECKSUM_OFFSET : UDP_CHECKSUM_OFFSET;
        if (segmentSize == 0) {
            // The kernel lays out as much in one piece as the header is said to be long; without this it would be 38 octets.
            put(header, at, NEEDS_CHECKSUM, TYPE_NONE, length, 0, ipHeader, checksumOffset);
            return true;
        }
        if (!tcp || segmentSize < SMALLEST_SEGMENT || segmentSize > LONGEST_PACKET) {
            return false;
        }
        int headers = ipHeader + PlainTransport.tcpHeaderLength(ip, offset + ipHeader);
        boolean reduced = (ip.getByte(offset + ipHeader + TCP_FLAGS_OFFSET) & TCP_CWR) != 0;
        int type = (IpPacket.isIpv4(ip, offset) ? TYPE_TCP_IPV4 : TYPE_TCP_IPV6)
            | (reduced ? TYPE_ECN : 0);
        put(header, at, NEEDS_CHECKSUM, type, headers, segmentSize, ipHeader, checksumOffset);
        return true;
    }

    /** For messages; allocates. */
    public static String describe(DirectBuffer buffer, int offset) {
        return "offload{flags=" + flags(buffer, offset) + " type=" + type(buffer, offset)
            + " headerLength=" + headerLength(buffer, offset) + " segmentSize=" + segmentSize(buffer, offset)
            + " checksumStart=" + checksumStart(buffer, offset) + " checksumOffset=" + checksumOffset(buffer, offset) + '}';
    }

    /**
     * Whether a header that came from a peer may go to the kernel in front of its packet. Nothing that is not understood passes;
     * in particular the checksum may never be stored into the IP header, whose addresses have been checked already.
     *
     * @param length of header and packet
     */
    public static boolean isValid(DirectBuffer buffer, int offset, int length) {
        int packet = offset + LENGTH;
        int packetLength = length - LENGTH;
        if (packetLength < IPV4_HEADER || packetLength > LONGEST_PACKET) {
            return false;
        }
        int version = (buffer.getByte(packet) & 0xF0) >>> 4;
        int ipHeader = ipHeaderLength(buffer, packet, version);
        if (ipHeader == 0 || ipHeader > packetLength) {
            return false;
        }
        int flags = flags(buffer, offset);
        if ((flags & ~(NEEDS_CHECKSUM | DATA_VALID)) != 0 || headerLength(buffer, offset) > packetLength) {
            return false;
        }
        boolean needsChecksum = (flags & NEEDS_CHECKSUM) != 0;
        int checksumStart = checksumStart(buffer, offset);
        int checksumOffset = checksumOffset(buffer, offset);
        if (needsChecksum && (checksumStart < ipHeader || checksumStart + checksumOffset + Short.BYTES > packetLength)) {
            return false;
        }
        int type = type(buffer, offset);
        return type == TYPE_NONE || needsChecksum && checksumOffset == TCP_CHECKSUM_OFFSET
            && checksumStart + TCP_HEADER <= packetLength
            && segmentSize(buffer, offset) >= SMALLEST_SEGMENT
            && isTcp(buffer, packet, version, type & ~TYPE_ECN);
    }

    private static boolean isTcp(DirectBuffer buffer, int packet, int version, int type) {
        return switch (type) {
            case TYPE_TCP_IPV4 -> version == 4 && buffer.getByte(packet + IPV4_PROTOCOL_OFFSET) == PROTOCOL_TCP;
            // Extension headers may stand between the IPv6 header and TCP: the kernel follows them, we need not.
            case TYPE_TCP_IPV6 -> version == 6;
            default -> false;
        };
    }

    /** 0 when it is neither IPv4 nor IPv6, or too short to be. */
    private static int ipHeaderLength(DirectBuffer buffer, int packet, int version) {
        if (version == 6) {
            return IPV6_HEADER;
        }
        int length = (buffer.getByte(packet) & 0x0F) * Integer.BYTES;
        return version == 4 && length >= IPV4_HEADER ? length : 0;
    }

    private static int unsignedShort(DirectBuffer buffer, int index) {
        return buffer.getShort(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
