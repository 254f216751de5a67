package org.pairspan.node.posix;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * {@code struct sockaddr_in} and {@code struct sockaddr_in6}. The family is in native byte order, the port and the addresses in
 * network order.
 * <pre>
 *   0       2       4               8               16                    24              28
 *   | AF_INET  | port  | IPv4 address  | zero          |
 *   | AF_INET6 | port  | flow          | IPv6 address (16)                    | scope         |
 * </pre>
 */
public final class SocketName {
    public static final int AF_INET = 2;
    public static final int AF_INET6 = 10;
    public static final int IPV4_LENGTH = 16;
    public static final int IPV6_LENGTH = 28;
    /** Room for either. */
    public static final int LONGEST = 28;

    public static final int FAMILY_OFFSET = 0;
    public static final int PORT_OFFSET = 2;
    public static final int IPV4_ADDRESS_OFFSET = 4;
    public static final int IPV6_ADDRESS_OFFSET = 8;
    public static final int IPV6_SCOPE_OFFSET = 24;

    private static final int IPV4_ADDRESS_LENGTH = 4;
    private static final int IPV6_ADDRESS_LENGTH = 16;
    private static final int MAPPED_PREFIX_LENGTH = 12;

    private SocketName() {
    }

    /** Writes a resolved address in its own family and answers the structure's length. */
    public static int put(MutableDirectBuffer buffer, int offset, InetSocketAddress address) {
        return put(buffer, offset, address, address.getAddress() instanceof Inet4Address ? AF_INET : AF_INET6);
    }

    /**
     * Writes a resolved address for a socket of that family and answers the structure's length. A socket of the JDK is often
     * {@link #AF_INET6} even where it speaks IPv4; it takes an IPv4 address as ::ffff:a.b.c.d.
     */
    public static int put(MutableDirectBuffer buffer, int offset, InetSocketAddress address, int socketFamily) {
        byte[] octets = address.getAddress().getAddress();
        boolean six = socketFamily == AF_INET6;
        if (!six && octets.length != IPV4_ADDRESS_LENGTH) {
            throw new IllegalArgumentException("an IPv4 socket cannot send to " + address);
        }
        int length = six ? IPV6_LENGTH : IPV4_LENGTH;
        buffer.setMemory(offset, length, (byte) 0);
        buffer.putShort(offset + FAMILY_OFFSET, (short) socketFamily);
        buffer.putShort(offset + PORT_OFFSET, (short) address.getPort(), ByteOrder.BIG_ENDIAN);
        if (!six) {
            buffer.putBytes(offset + IPV4_ADDRESS_OFFSET, octets);
        } else if (octets.length == IPV4_ADDRESS_LENGTH) {
            buffer.putShort(offset + IPV6_ADDRESS_OFFSET + MAPPED_PREFIX_LENGTH - Short.BYTES, (short) 0xFFFF);
            buffer.putBytes(offset + IPV6_ADDRESS_OFFSET + MAPPED_PREFIX_LENGTH, octets);
        } else {
            buffer.putBytes(offset + IPV6_ADDRESS_OFFSET, octets);
            if (address.getAddress() instanceof Inet6Address scoped) {
                buffer.putInt(offset + IPV6_SCOPE_OFFSET, scoped.getScopeId());
            }
        }
        return length;
    }

    /** Reads what the kernel wrote, or null where the family or the length is neither of the two. Allocates. */
    public static InetSocketAddress get(DirectBuffer buffer, int offset, int length) {
        int family = length < IPV4_LENGTH ? 0 : buffer.getShort(offset + FAMILY_OFFSET);
        byte[] octets;
        if (family == AF_INET) {
            octets = new byte[IPV4_ADDRESS_LENGTH];
            buffer.getBytes(offset + IPV4_ADDRESS_OFFSET, octets);
        } else if (family == AF_INET6 && length >= IPV6_LENGTH) {
            octets = new byte[IPV6_ADDRESS_LENGTH];
            buffer.getBytes(offset + IPV6_ADDRESS_OFFSET, octets);
        } else {
            return null;
        }
        try {
            int port = buffer.getShort(offset + PORT_OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
            return new InetSocketAddress(InetAddress.getByAddress(octets), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of 4 or 16 octets was refused", e);
        }
    }
}
