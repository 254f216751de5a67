package org.pairspan.node.offload;

import org.agrona.MutableDirectBuffer;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.classify.PlainTransport;

/**
 * Lowers the maximum segment size that a TCP SYN announces to what the path carries in one datagram (RFC 9293, section 3.7.1; RFC
 * 6691): segments then fit without being cut, whatever the hosts believe of the path. Never raises it. Options are read as a list
 * that may be hostile: reading ends with the first that does not lie within the header.
 */
public final class MssClamp {
    private static final int IPV4_FIXED_HEADERS = 40;
    private static final int IPV6_FIXED_HEADERS = 60;
    private static final int FLAGS_OFFSET = 13;
    private static final int SYN = 0x02;
    private static final int OPTIONS_OFFSET = 20;
    private static final int OPTION_END = 0;
    private static final int OPTION_NONE = 1;
    private static final int OPTION_MSS = 2;
    private static final int OPTION_MSS_LENGTH = 4;
    private static final int OPTION_HEADER_LENGTH = 2;

    private MssClamp() {
    }

    /**
     * Changes a plain TCP packet with the SYN flag; leaves all others as they are.
     *
     * @param largestPacket the longest IP packet, in octets, that the path carries whole
     * @param needsChecksum whether the checksum is incomplete: it then does not cover the option yet and stays as it is, otherwise it
     *     is brought up to date (RFC 1624)
     */
    public static void clamp(MutableDirectBuffer packet, int offset, int length, int largestPacket, boolean needsChecksum) {
        int ipHeader = PlainTransport.ipHeaderLength(packet, offset, length);
        if (ipHeader == 0 || PlainTransport.protocol(packet, offset) != PlainTransport.TCP) {
            return;
        }
        int tcp = offset + ipHeader;
        // RFC 6691, section 2: the MSS counts fixed headers only; who sends options takes them off.
        int most = largestPacket - (IpPacket.isIpv4(packet, offset) ? IPV4_FIXED_HEADERS : IPV6_FIXED_HEADERS);
        if ((packet.getByte(tcp + FLAGS_OFFSET) & SYN) == 0 || most <= 0) {
            return;
        }
        int at = tcp + OPTIONS_OFFSET;
        int end = tcp + PlainTransport.tcpHeaderLength(packet, tcp);
        while (at < end) {
            int kind = packet.getByte(at);
            if (kind == OPTION_NONE) {
                at++;
                continue;
            }
            if (kind == OPTION_END || end - at < OPTION_HEADER_LENGTH) {
                return;
            }
            int optionLength = packet.getByte(at + 1) & 0xFF;
            if (optionLength < OPTION_HEADER_LENGTH || optionLength > end - at) {
                return;
            }
            if (kind == OPTION_MSS && optionLength == OPTION_MSS_LENGTH) {
                lower(packet, tcp, at + OPTION_HEADER_LENGTH, most, needsChecksum);
            }
            at += optionLength;
        }
    }

    private static void lower(MutableDirectBuffer packet, int tcp, int index, int most, boolean needsChecksum) {
        int announced = Checksums.unsigned(packet, index);
        if (announced <= most) {
            return;
        }
        Checksums.putUnsigned(packet, index, most);
        if (!needsChecksum) {
            int field = tcp + Checksums.TCP_OFFSET;
            // At an odd place the value's octets belong to two words, as the low and the high one: a word turned round.
            boolean odd = (index - tcp & 1) != 0;
            Checksums.putUnsigned(packet, field, Checksums.update(Checksums.unsigned(packet, field),
                odd ? turned(announced) : announced, odd ? turned(most) : most));
        }
    }

    private static int turned(int word) {
        return Short.reverseBytes((short) word) & 0xFFFF;
    }
}
