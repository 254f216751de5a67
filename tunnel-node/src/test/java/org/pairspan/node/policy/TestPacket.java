package org.pairspan.node.policy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.address.IpLiteral;
import org.pairspan.protocol.address.IpPrefix;

/**
 * An IP packet, and what its maker knows of it.
 *
 * @param source      4 or 16 octets.
 * @param destination of the same family.
 * @param protocol    above IP.
 * @param ports       source and destination, whether or not the packet shows them.
 * @param firstPart   whether it is no fragment, or the first of its packet.
 * @param extensions  IPv6 extension headers in front of the upper layer.
 * @param cutShort    whether the last extension header promises more than there is.
 */
record TestPacket(byte[] source, byte[] destination, int protocol, int[] ports, boolean firstPart, int extensions, boolean cutShort) {
    /** In front of the packet in its buffer; odd, as real ones may be. */
    static final int OFFSET = 3;

    private static final int DESTINATION_OPTIONS = 60;
    private static final int FRAGMENT = 44;

    static TestPacket of(String source, String destination, int protocol, int sourcePort, int destinationPort) {
        return new TestPacket(IpLiteral.parse(source), IpLiteral.parse(destination), protocol, new int[] {sourcePort, destinationPort}, true,
                0, false);
    }

    /** Any packet; few addresses and ports, so that rules meet it. */
    static TestPacket random(Random random) {
        boolean ipv4 = random.nextBoolean();
        int[] protocols = {1, 6, 6, 17, 17, 47, 58, 132};
        return new TestPacket(address(random, ipv4), address(random, ipv4), protocols[random.nextInt(protocols.length)],
                new int[] {random.nextInt(8), random.nextInt(8)}, random.nextInt(4) > 0, ipv4 ? 0 : Math.max(0, random.nextInt(13) - 3),
                !ipv4 && random.nextInt(16) == 0);
    }

    static byte[] address(Random random, boolean ipv4) {
        byte[] address = IpLiteral.parse(ipv4 ? "10.0.0.0" : "2001:db8::");
        address[1] = (byte) random.nextInt(3);
        address[address.length - 1] = (byte) random.nextInt(3);
        return address;
    }

    boolean isIpv4() {
        return source.length == IpPrefix.IPV4_OCTETS;
    }

    TestPacket fragment() {
        return new TestPacket(source, destination, protocol, ports, false, extensions, cutShort);
    }

    TestPacket extended(int more) {
        return new TestPacket(source, destination, protocol, ports, firstPart, more, cutShort);
    }

    TestPacket cut() {
        return new TestPacket(source, destination, protocol, ports, firstPart, Math.max(1, extensions), true);
    }

    /** The packet at {@link #OFFSET}, with octets before and behind it that are not its own. */
    UnsafeBuffer bytes() {
        ByteBuffer upper = ByteBuffer.allocate(8).putShort((short) ports[0]).putShort((short) ports[1]);
        byte[] packet = isIpv4() ? ipv4(upper.array()) : ipv6(upper.array());
        byte[] room = new byte[OFFSET + packet.length + 5];
        Arrays.fill(room, (byte) 0x5A);
        System.arraycopy(packet, 0, room, OFFSET, packet.length);
        return new UnsafeBuffer(room);
    }

    private byte[] ipv4(byte[] upper) {
        ByteBuffer packet = ByteBuffer.allocate(24 + upper.length);
        packet.put((byte) 0x46).put((byte) 0).putShort((short) packet.capacity()).putShort((short) 7);
        packet.putShort((short) (firstPart ? 0x2000 : 185)).put((byte) 64).put((byte) protocol).putShort((short) 0);
        return packet.put(source).put(destination).putInt(0).put(upper).array();
    }

    private byte[] ipv6(byte[] upper) {
        int chain = 8 * extensions + (firstPart ? 0 : 8);
        ByteBuffer packet = ByteBuffer.allocate(40 + chain + upper.length);
        int afterOptions = firstPart ? protocol : FRAGMENT;
        packet.putInt(0x60000000).putShort((short) (chain + upper.length));
        packet.put((byte) (extensions > 0 ? DESTINATION_OPTIONS : afterOptions)).put((byte) 64).put(source).put(destination);
        for (int i = 1; i <= extensions; i++) {
            packet.put((byte) (i < extensions ? DESTINATION_OPTIONS : afterOptions));
            packet.put((byte) (cutShort && i == extensions ? 200 : 0)).put(new byte[6]);
        }
        if (!firstPart) {
            packet.put((byte) protocol).put((byte) 0).putShort((short) (185 << 3)).putInt(7);
        }
        return packet.put(upper).array();
    }
}
