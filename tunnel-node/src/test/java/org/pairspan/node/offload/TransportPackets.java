package org.pairspan.node.offload;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;

/** Builds TCP and UDP packets octet by octet, and computes checksums the slow way. */
final class TransportPackets {
    static final int FIN = 0x01;
    static final int SYN = 0x02;
    static final int RST = 0x04;
    static final int PSH = 0x08;
    static final int ACK = 0x10;
    static final int URG = 0x20;
    static final int CWR = 0x80;

    private TransportPackets() {
    }

    /** One host's side of a flow; the fields are what its packets have in common. */
    static final class Flow {
        boolean ipv6;
        int host = 1;
        int port = 40_000;
        int tos;
        int ttl = 64;
        boolean dontFragment = true;
        int identification = 1;
        int sequence = 1;
        int acknowledgement = 77;
        int window = 500;
        byte[] ipOptions = new byte[0];
        byte[] tcpOptions = new byte[0];

        Flow six() {
            ipv6 = true;
            return this;
        }

        /** A TCP segment whose checksum is incomplete. */
        byte[] tcp(int flags, byte[] payload) {
            int header = 20 + tcpOptions.length;
            ByteBuffer packet = ip(6, header + payload.length);
            int at = packet.position();
            packet.putShort((short) port).putShort((short) 443).putInt(sequence).putInt(acknowledgement)
                .put((byte) (header / 4 << 4)).put((byte) flags).putShort((short) window).putShort((short) 0).putShort((short) 0)
                .put(tcpOptions).put(payload);
            return incomplete(packet, at, 16, 6);
        }

        /** A UDP datagram whose checksum is incomplete. */
        byte[] udp(byte[] payload) {
            ByteBuffer packet = ip(17, 8 + payload.length);
            int at = packet.position();
            packet.putShort((short) port).putShort((short) 443).putShort((short) (8 + payload.length)).putShort((short) 0).put(payload);
            return incomplete(packet, at, 6, 17);
        }

        private ByteBuffer ip(int protocol, int length) {
            if (ipv6) {
                ByteBuffer packet = ByteBuffer.allocate(40 + length);
                packet.putInt(6 << 28 | tos << 20 | 0x12345).putShort((short) length).put((byte) protocol).put((byte) ttl)
                    .putLong(0xFD00_0000_0000_0000L).putLong(host).putLong(0xFD00_0000_0000_0001L).putLong(2);
                return packet;
            }
            int header = 20 + ipOptions.length;
            ByteBuffer packet = ByteBuffer.allocate(header + length);
            packet.put((byte) (0x40 | header / 4)).put((byte) tos).putShort((short) (header + length))
                .putShort((short) identification).putShort((short) (dontFragment ? 0x4000 : 0)).put((byte) ttl).put((byte) protocol)
                .putShort((short) 0).putInt(0x0A000000 | host).putInt(0x0A010002).put(ipOptions);
            packet.putShort(10, (short) ~sum(packet.array(), 0, header));
            return packet;
        }

        private static byte[] incomplete(ByteBuffer packet, int transport, int field, int protocol) {
            packet.putShort(transport + field, (short) pseudoSum(packet.array(), protocol, packet.capacity() - transport));
            return packet.array();
        }
    }

    static int ipHeader(byte[] packet) {
        return (packet[0] & 0xF0) == 0x40 ? (packet[0] & 15) * 4 : 40;
    }

    static int protocol(byte[] packet) {
        return packet[(packet[0] & 0xF0) == 0x40 ? 9 : 6];
    }

    /** The packet with its checksum complete, as a kernel would send it. */
    static byte[] completed(byte[] packet) {
        byte[] done = packet.clone();
        int ip = ipHeader(done);
        int field = ip + (protocol(done) == 6 ? 16 : 6);
        int checksum = ~sum(done, ip, done.length - ip) & 0xFFFF;
        ByteBuffer.wrap(done).putShort(field, (short) (checksum == 0 ? 0xFFFF : checksum));
        return done;
    }

    /** Whether the checksums of the packet are complete and right. */
    static boolean isRight(byte[] packet) {
        int ip = ipHeader(packet);
        boolean header = (packet[0] & 0xF0) != 0x40 || sum(packet, 0, ip) == 0xFFFF;
        int transport = sum(packet, ip, packet.length - ip) + pseudoSum(packet, protocol(packet), packet.length - ip);
        return header && (transport == 0xFFFF || transport == 2 * 0xFFFF);
    }

    static int pseudoSum(byte[] packet, int protocol, int length) {
        boolean four = (packet[0] & 0xF0) == 0x40;
        int sum = sum(packet, four ? 12 : 8, four ? 8 : 32) + protocol + length;
        return (sum & 0xFFFF) + (sum >>> 16);
    }

    static int sum(byte[] octets, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            sum += (octets[offset + i] & 0xFF) << ((i & 1) == 0 ? 8 : 0);
            sum = (sum & 0xFFFF) + (sum >>> 16);
        }
        return sum;
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    /** The octets in direct memory, as the data path has them. */
    static UnsafeBuffer direct(byte[] octets) {
        UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(Math.max(1, octets.length)));
        buffer.putBytes(0, octets);
        return buffer;
    }
}
