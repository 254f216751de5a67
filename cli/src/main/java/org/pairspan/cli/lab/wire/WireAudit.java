package org.pairspan.cli.lab.wire;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Says of every frame of a capture what it is: one or more whole SPA+ESP packets from or to a bearer port, ARP, or something that has
 * no business on a link for tunnel traffic. All frames are searched for bytes that must not be seen.
 *
 * <p>A UDP payload must be cut exactly into packets by the lengths in their SPA headers (several follow each other where the kernel
 * passed on a segmentation offload frame), each with version 1, no flags, and a sequence number that agrees with its IV.
 */
public final class WireAudit {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int ETHERNET = 14;
    private static final int UDP = 17;
    /** SPA header 12, SPI and sequence number 8, IV 8, a trailer alone (a dummy packet), filled up to 4, ICV 16. */
    private static final int SHORTEST_PACKET = 48;
    private static final int PACKET_SPI = 12;
    private static final int PACKET_SEQUENCE = 16;
    private static final int PACKET_IV_LOW = 24;
    private static final int NAMED_ODDITIES = 5;

    private final int bearerPort;
    private final HiddenBytes hidden;
    private final TreeMap<Integer, Long> packetsBySpi = new TreeMap<>(Integer::compareUnsigned);
    private final List<String> oddities = new ArrayList<>();
    private long frames;
    private long arp;
    private long packets;
    private long packetBytes;
    private long odd;
    private long framesBeforeFirstPacket;

    private WireAudit(int bearerPort, HiddenBytes hidden) {
        this.bearerPort = bearerPort;
        this.hidden = hidden;
    }

    /**
     * What a capture held.
     *
     * @param frames all frames
     * @param arp ARP frames
     * @param packets SPA+ESP packets
     * @param packetBytes their bytes
     * @param odd frames that are neither
     * @param oddities what the first few of those were
     * @param packetsBySpi packets of each SPI
     * @param plaintextFound positions in frames where 32 bytes of the known plaintext stand
     * @param aeronFound positions in frames that look like an Aeron header
     * @param framesBeforeFirstPacket frames before the first packet
     */
    public record Report(long frames, long arp, long packets, long packetBytes, long odd, List<String> oddities,
        TreeMap<Integer, Long> packetsBySpi, long plaintextFound, long aeronFound, long framesBeforeFirstPacket) {

        /** True when every frame is ARP or a packet and nothing can be seen in the packets. */
        public boolean clean() {
            return odd == 0 && plaintextFound == 0 && aeronFound == 0;
        }
    }

    /**
     * Reads a capture, on all processors.
     *
     * @param bearerPort the UDP port of every node's bearer
     * @param plaintext what to look for; null for nothing
     */
    public static Report of(Path pcap, int bearerPort, PlaintextIndex plaintext) throws IOException {
        try (HiddenBytes hidden = new HiddenBytes(plaintext)) {
            final WireAudit audit = new WireAudit(bearerPort, hidden);
            PcapFile.read(pcap, audit::onFrame, hidden::finish);
            return new Report(audit.frames, audit.arp, audit.packets, audit.packetBytes, audit.odd, List.copyOf(audit.oddities),
                audit.packetsBySpi, hidden.plaintextFound(), hidden.aeronFound(), audit.framesBeforeFirstPacket);
        }
    }

    private void onFrame(MemorySegment file, long offset, int length, long timeNs) {
        frames++;
        final int etherType = length < ETHERNET ? -1 : file.get(SHORT, offset + 12) & 0xFFFF;
        final String oddity = switch (etherType) {
            case 0x0806 -> {
                arp++;
                yield null;
            }
            case 0x0800 -> ipv4(file, offset + ETHERNET, length - ETHERNET);
            case -1 -> "a frame of " + length + " bytes";
            default -> "a frame of type 0x%04x".formatted(etherType);
        };
        if (oddity != null) {
            odd++;
            hidden.search(file, offset, length);
            if (oddities.size() < NAMED_ODDITIES) {
                oddities.add(oddity);
            }
        }
    }

    private String ipv4(MemorySegment file, long offset, int length) {
        final int headerLength = length < 20 ? 0 : (file.get(ValueLayout.JAVA_BYTE, offset) & 0xF) * 4;
        if (headerLength < 20 || length < headerLength + 8) {
            return "a cut IPv4 packet of " + length + " bytes";
        }
        final int protocol = file.get(ValueLayout.JAVA_BYTE, offset + 9) & 0xFF;
        if (protocol != UDP) {
            return "IPv4 protocol " + protocol;
        }
        final long udp = offset + headerLength;
        final int source = file.get(SHORT, udp) & 0xFFFF;
        final int destination = file.get(SHORT, udp + 2) & 0xFFFF;
        if (source != bearerPort && destination != bearerPort) {
            return "UDP " + source + " to " + destination;
        }
        // The Ethernet frame may be padded.
        final int payload = (file.get(SHORT, udp + 4) & 0xFFFF) - 8;
        return payload < 0 || payload > length - headerLength - 8 ? "a cut UDP datagram" : packets(file, udp + 8, payload);
    }

    private String packets(MemorySegment file, long offset, int length) {
        int at = 0;
        while (at < length) {
            final int left = length - at;
            final int declared = left < SHORTEST_PACKET ? 0 : file.get(SHORT, offset + at + 2) & 0xFFFF;
            if (declared < SHORTEST_PACKET || declared > left || !hasPacketShape(file, offset + at)) {
                return "a UDP payload that is no SPA+ESP packet at byte %d of %d: %s".formatted(at, length, firstBytes(file, offset + at, left));
            }
            onPacket(file, offset + at, declared);
            at += declared;
        }
        return length == 0 ? "an empty UDP datagram" : null;
    }

    private static boolean hasPacketShape(MemorySegment file, long packet) {
        return file.get(SHORT, packet) == 0x0100
            && file.get(INT, packet + PACKET_SPI) != 0
            && file.get(INT, packet + PACKET_SEQUENCE) == file.get(INT, packet + PACKET_IV_LOW);
    }

    private void onPacket(MemorySegment file, long packet, int length) {
        if (packets == 0) {
            framesBeforeFirstPacket = frames - 1;
        }
        packets++;
        packetBytes += length;
        packetsBySpi.merge(file.get(INT, packet + PACKET_SPI), 1L, Long::sum);
        // What stands before is known by now, and its zeros would look like something.
        final int known = PACKET_IV_LOW + Integer.BYTES;
        hidden.search(file, packet + known, length - known);
    }

    private static String firstBytes(MemorySegment file, long offset, int length) {
        final StringBuilder hex = new StringBuilder();
        for (int i = 0; i < Math.min(32, length); i++) {
            hex.append("%02x".formatted(file.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFF));
        }
        return hex.toString();
    }
}
