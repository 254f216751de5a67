package org.pairspan.node.offload;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.classify.PlainTransport;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.device.PacketVectors;

/**
 * Packets of one flow, one behind the other, that go to the device as one. What they share is written anew, once, from the first
 * packet's headers; the payloads stay where they are.
 * <pre>
 *   | offload header | IP | TCP or UDP |  | payload | payload | ... | last payload, may be shorter |
 *   ^ own memory                          ^ memory of the packets
 * </pre>
 * Only what a kernel would cut apart again into the very same packets is put together: all fields but those named in the code are
 * equal in all of them.
 */
final class GatheredRun {
    /** The kernel takes no more UDP datagrams in one (UDP_MAX_SEGMENTS, before Linux 6.9). */
    static final int MOST_PIECES = 64;
    private static final int LONGEST_PACKET = 65_535;
    private static final int LONGEST_HEADERS = 60 + 60;
    private static final int IP = OffloadHeader.LENGTH;

    private static final int IPV4_TOTAL_LENGTH = 2;
    private static final int IPV4_IDENTIFICATION = 4;
    private static final int IPV4_FRAGMENT = 6;
    private static final int IPV4_TTL = 8;
    private static final int IPV4_OPTIONS = 20;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int IPV6_HEADER = 40;
    private static final int IPV6_PAYLOAD_LENGTH = 4;
    private static final int IPV6_NEXT_HEADER = 6;

    private static final int SEQUENCE = 4;
    private static final int ACKNOWLEDGEMENT = 8;
    private static final int OFFSET_FLAGS_WINDOW = 12;
    private static final int FLAGS = 13;
    private static final int URGENT = 18;
    private static final int TCP_OPTIONS = 20;
    private static final int UDP_LENGTH = 4;
    private static final int FIN = 0x01;
    private static final int PSH = 0x08;
    private static final int CWR = 0x80;
    /** Flags that may differ between segments, in the word of data offset, flags and window. */
    private static final int DIFFERENT_FLAGS = (FIN | PSH | CWR) << 16;

    private final UnsafeBuffer head = new UnsafeBuffer(ByteBuffer.allocateDirect(IP + LONGEST_HEADERS));
    private final PacketVectors vectors = new PacketVectors(1 + MOST_PIECES);
    private final UnsafeBuffer first = new UnsafeBuffer(0, 0);
    private final FlowKey flow = new FlowKey();
    private int pieces;
    private boolean tcp;
    private boolean ipv4;
    private int headers;
    private int payload;
    private int segmentSize;
    private boolean ended;
    private int endFlags;
    /** Whether the first packet's checksum is incomplete, and whether it is that or known to be right. */
    private boolean needsChecksum;
    private boolean sound;

    /** Packets in here; 0 when the run is free. */
    int pieces() {
        return pieces;
    }

    FlowKey flow() {
        return flow;
    }

    /**
     * Begins with a plain packet of {@code key}'s flow.
     *
     * @param size octets of payload in each segment: all of the packet's payload, or less where it is a super-packet already
     */
    void start(FlowKey key, DirectBuffer packet, int offset, int length, int headerLength, int size, boolean incomplete) {
        flow.copy(key);
        first.wrap(packet, offset, length);
        tcp = flow.protocol() == PlainTransport.TCP;
        ipv4 = IpPacket.isIpv4(packet, offset);
        headers = headerLength;
        segmentSize = size;
        payload = 0;
        ended = false;
        endFlags = 0;
        needsChecksum = incomplete;
        sound = incomplete;
        vectors.clear();
        vectors.add(head, 0, IP + headers);
        take(packet, offset, length);
    }

    /** Adds the next packet of the flow where it continues the run; false, and nothing changed, where it does not. */
    boolean append(DirectBuffer packet, int offset, int length, int headerLength, boolean incomplete) {
        int size = length - headerLength;
        if (ended || pieces == MOST_PIECES || headerLength != headers || size > segmentSize || size == 0
            || headers + payload + size > LONGEST_PACKET
            || !(ipv4 ? continuesIpv4(packet, offset) : continuesIpv6(packet, offset))
            || tcp && !continuesTcp(packet, offset + flow.ipHeader())
            || !isSound(packet, offset, length, incomplete)) {
            return false;
        }
        take(packet, offset, length);
        return true;
    }

    /** Gives the run to the device, which ends it; whether the device took it. */
    boolean write(PacketDevice device) {
        boolean joined = pieces > 1;
        pieces = 0;
        head.putBytes(IP, first, 0, headers);
        int ipHeader = flow.ipHeader();
        int transport = IP + ipHeader;
        int length = headers + payload;
        if (joined) {
            putLengths(length, transport);
        }
        boolean many = payload > segmentSize;
        if (!many && !needsChecksum) {
            OffloadHeader.putNone(head, 0);
        } else {
            // Whatever the first packet had there: the kernel builds upon it.
            int field = tcp ? Checksums.TCP_OFFSET : Checksums.UDP_OFFSET;
            Checksums.putUnsigned(head, transport + field,
                Checksums.pseudoHeader(head, IP, flow.protocol(), length - ipHeader));
            // The kernel lays out as many octets in one piece as the header is said to have: of a single packet all of it.
            OffloadHeader.put(head, 0, OffloadHeader.NEEDS_CHECKSUM, many ? type(transport) : OffloadHeader.TYPE_NONE,
                many ? headers : length, many ? segmentSize : 0, ipHeader, field);
        }
        return device.write(vectors);
    }

    private void take(DirectBuffer packet, int offset, int length) {
        int size = length - headers;
        vectors.add(packet, offset + headers, size);
        pieces++;
        payload += size;
        if (tcp) {
            endFlags = packet.getByte(offset + flow.ipHeader() + FLAGS) & (FIN | PSH);
        }
        ended = size < segmentSize || endFlags != 0;
    }

    private void putLengths(int length, int transport) {
        if (ipv4) {
            Checksums.putUnsigned(head, IP + IPV4_TOTAL_LENGTH, length);
            Checksums.putUnsigned(head, IP + Checksums.IPV4_OFFSET, 0);
            Checksums.putUnsigned(head, IP + Checksums.IPV4_OFFSET, ~Checksums.sum(head, IP, flow.ipHeader()));
        } else {
            Checksums.putUnsigned(head, IP + IPV6_PAYLOAD_LENGTH, length - IPV6_HEADER);
        }
        if (tcp) {
            head.putByte(transport + FLAGS, (byte) (head.getByte(transport + FLAGS) | endFlags));
        } else {
            Checksums.putUnsigned(head, transport + UDP_LENGTH, length - flow.ipHeader());
        }
    }

    private int type(int transport) {
        if (!tcp) {
            return OffloadHeader.TYPE_UDP_SEGMENTS;
        }
        return (ipv4 ? OffloadHeader.TYPE_TCP_IPV4 : OffloadHeader.TYPE_TCP_IPV6)
            | ((head.getByte(transport + FLAGS) & CWR) != 0 ? OffloadHeader.TYPE_ECN : 0);
    }

    /** Version, header length, class, DF, TTL and options are equal; the identification counts on, or DF makes it meaningless. */
    private boolean continuesIpv4(DirectBuffer packet, int offset) {
        int fragment = Checksums.unsigned(packet, offset + IPV4_FRAGMENT);
        boolean counted = (fragment & DONT_FRAGMENT) != 0 || Checksums.unsigned(packet, offset + IPV4_IDENTIFICATION)
            == (Checksums.unsigned(first, IPV4_IDENTIFICATION) + pieces & 0xFFFF);
        return counted && packet.getShort(offset) == first.getShort(0)
            && fragment == Checksums.unsigned(first, IPV4_FRAGMENT)
            && packet.getShort(offset + IPV4_TTL) == first.getShort(IPV4_TTL)
            && areEqual(packet, offset, IPV4_OPTIONS, flow.ipHeader());
    }

    /** Version, class, flow label and hop limit are equal. */
    private boolean continuesIpv6(DirectBuffer packet, int offset) {
        return packet.getInt(offset) == first.getInt(0)
            && packet.getShort(offset + IPV6_NEXT_HEADER) == first.getShort(IPV6_NEXT_HEADER);
    }

    /** The sequence number counts on; acknowledgement, window, flags and options, timestamps among them, are equal (RFC 7323). */
    private boolean continuesTcp(DirectBuffer packet, int tcp) {
        int own = flow.ipHeader();
        int word = packet.getInt(tcp + OFFSET_FLAGS_WINDOW, ByteOrder.BIG_ENDIAN);
        int firstWord = first.getInt(own + OFFSET_FLAGS_WINDOW, ByteOrder.BIG_ENDIAN);
        return packet.getInt(tcp + SEQUENCE, ByteOrder.BIG_ENDIAN) == first.getInt(own + SEQUENCE, ByteOrder.BIG_ENDIAN) + payload
            && packet.getInt(tcp + ACKNOWLEDGEMENT) == first.getInt(own + ACKNOWLEDGEMENT)
            && ((word ^ firstWord) & ~DIFFERENT_FLAGS) == 0 && (word & CWR << 16) == 0
            && packet.getShort(tcp + URGENT) == first.getShort(own + URGENT)
            && areEqual(packet, tcp - own, own + TCP_OPTIONS, headers);
    }

    /** Whether octets {@code from} to {@code to}, multiples of 4, are as in the first packet. */
    private boolean areEqual(DirectBuffer packet, int offset, int from, int to) {
        for (int at = from; at < to; at += Integer.BYTES) {
            if (packet.getInt(offset + at) != first.getInt(at)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether the kernel may compute the checksum anew when it cuts the run apart: no damage that happened before the tunnel may be
     * covered up, so a complete checksum has to be right.
     */
    private boolean isSound(DirectBuffer packet, int offset, int length, boolean incomplete) {
        if (!sound) {
            sound = Checksums.isRight(first, 0, first.capacity());
            ended = !sound;
        }
        return sound && (incomplete || Checksums.isRight(packet, offset, length));
    }
}
