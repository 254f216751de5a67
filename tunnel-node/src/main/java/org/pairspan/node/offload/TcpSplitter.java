package org.pairspan.node.offload;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.classify.PlainTransport;

/**
 * Cuts a TCP super-packet, as the device gives it, into the segments that TCP meant to send (TCP segmentation offload, TSO).
 * <pre>
 *   | IP | TCP | payload                                  |
 *   | IP | TCP | payload ... |  | IP | TCP | ... |  | IP | TCP | rest |
 *     id       sequence          id + 1  + size        id + 2  + 2 size
 * </pre>
 * Each has the headers of the super-packet, options included, with its own length, IPv4 identification (counted on, as the sender's
 * kernel does; RFC 6864) and sequence number. FIN and PSH stand on the last alone, CWR on the first alone (RFC 3168, section 6.1.2).
 * The IPv4 header checksum is complete; the TCP checksum is incomplete, so the receiver must be told that it is needed.
 *
 * <p>The wrapped packet stays where it is and must not change before the last {@link #write}. One thread.
 */
public final class TcpSplitter {
    private static final int IPV4_TOTAL_LENGTH_OFFSET = 2;
    private static final int IPV4_IDENTIFICATION_OFFSET = 4;
    private static final int IPV6_HEADER_LENGTH = 40;
    private static final int IPV6_PAYLOAD_LENGTH_OFFSET = 4;
    private static final int SEQUENCE_OFFSET = 4;
    private static final int FLAGS_OFFSET = 13;
    private static final int FIN = 0x01;
    private static final int SYN = 0x02;
    private static final int RST = 0x04;
    private static final int PSH = 0x08;
    private static final int URG = 0x20;
    private static final int CWR = 0x80;

    private DirectBuffer packet;
    private int offset;
    private int ipHeader;
    private int headers;
    private int payload;
    private int size;
    private int count;
    private boolean ipv4;
    private int identification;
    private int sequence;
    private int flags;
    /** The sum of the IPv4 header without total length, identification and checksum. */
    private int ipSum;
    /** The sum of the pseudo-header without its length. */
    private int pseudoSum;

    /**
     * Takes a super-packet.
     *
     * <p>Where the answer is 0 the packet is no plain TCP, one that no sender cuts (SYN, RST, URG), or a single segment, too long
     * for the path, whose checksum is complete and wrong: segments would have right ones. It then goes the way of any other packet:
     * whole or in pieces, and where it is not plain, its checksum completed before ({@link Checksums#complete}).
     *
     * @param source the IP packet, without its offload header, is at {@code sourceOffset}
     * @param segmentSize octets of payload in each segment, as the device's offload header has it; of what is no super-packet its
     *     length or more
     * @param largestPacket the longest IP packet, in octets, that may come out; segments become smaller than {@code segmentSize}
     *     where they must
     * @return number of segments, or 0
     */
    public int wrap(DirectBuffer source, int sourceOffset, int length, int segmentSize, int largestPacket) {
        count = 0;
        ipHeader = PlainTransport.ipHeaderLength(source, sourceOffset, length);
        if (ipHeader == 0 || PlainTransport.protocol(source, sourceOffset) != PlainTransport.TCP) {
            return 0;
        }
        packet = source;
        offset = sourceOffset;
        headers = ipHeader + PlainTransport.tcpHeaderLength(source, sourceOffset + ipHeader);
        payload = length - headers;
        size = Math.min(segmentSize, largestPacket - headers);
        flags = source.getByte(sourceOffset + ipHeader + FLAGS_OFFSET) & 0xFF;
        if (size <= 0 || payload > size && (flags & (SYN | RST | URG)) != 0) {
            return 0;
        }
        if (payload > size && payload <= segmentSize && !isSound(source, sourceOffset, length)) {
            return 0;
        }
        ipv4 = IpPacket.isIpv4(source, sourceOffset);
        sequence = source.getInt(sourceOffset + ipHeader + SEQUENCE_OFFSET, ByteOrder.BIG_ENDIAN);
        pseudoSum = Checksums.add(Checksums.addresses(source, sourceOffset), PlainTransport.TCP);
        if (ipv4) {
            identification = Checksums.unsigned(source, sourceOffset + IPV4_IDENTIFICATION_OFFSET);
            int fields = IPV4_IDENTIFICATION_OFFSET + Short.BYTES;
            ipSum = Checksums.add(Checksums.unsigned(source, sourceOffset), Checksums.add(
                Checksums.sum(source, sourceOffset + fields, Checksums.IPV4_OFFSET - fields),
                Checksums.sum(source, sourceOffset + Checksums.IPV4_OFFSET + Short.BYTES,
                    ipHeader - Checksums.IPV4_OFFSET - Short.BYTES)));
        }
        count = Math.max(1, (payload + size - 1) / size);
        return count;
    }

    /** Length of the IP packet of segment {@code index}, 0..count - 1. */
    public int length(int index) {
        return headers + payloadLength(index);
    }

    /** Writes the IP packet of segment {@code index}, {@link #length} octets. */
    public void write(int index, MutableDirectBuffer out, int outOffset) {
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException("segment " + index + " of " + count);
        }
        int piece = payloadLength(index);
        out.putBytes(outOffset, packet, offset, headers);
        out.putBytes(outOffset + headers, packet, offset + headers + index * size, piece);
        if (ipv4) {
            int ownIdentification = identification + index & 0xFFFF;
            Checksums.putUnsigned(out, outOffset + IPV4_TOTAL_LENGTH_OFFSET, headers + piece);
            Checksums.putUnsigned(out, outOffset + IPV4_IDENTIFICATION_OFFSET, ownIdentification);
            Checksums.putUnsigned(out, outOffset + Checksums.IPV4_OFFSET,
                ~Checksums.add(ipSum, Checksums.add(headers + piece, ownIdentification)) & 0xFFFF);
        } else {
            Checksums.putUnsigned(out, outOffset + IPV6_PAYLOAD_LENGTH_OFFSET, headers - IPV6_HEADER_LENGTH + piece);
        }
        int tcp = outOffset + ipHeader;
        out.putInt(tcp + SEQUENCE_OFFSET, sequence + index * size, ByteOrder.BIG_ENDIAN);
        out.putByte(tcp + FLAGS_OFFSET, (byte) flagsOf(index));
        Checksums.putUnsigned(out, tcp + Checksums.TCP_OFFSET, Checksums.add(pseudoSum, headers - ipHeader + piece));
    }

    /** Whether the checksum is incomplete, or complete and right. */
    private boolean isSound(DirectBuffer source, int sourceOffset, int length) {
        int transport = length - ipHeader;
        return Checksums.unsigned(source, sourceOffset + ipHeader + Checksums.TCP_OFFSET)
            == Checksums.pseudoHeader(source, sourceOffset, PlainTransport.TCP, transport)
            || Checksums.isRight(source, sourceOffset, length);
    }

    private int payloadLength(int index) {
        return Math.min(size, payload - index * size);
    }

    private int flagsOf(int index) {
        int own = index == 0 ? flags : flags & ~CWR;
        return index == count - 1 ? own : own & ~(FIN | PSH);
    }
}
