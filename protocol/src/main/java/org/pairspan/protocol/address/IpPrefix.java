package org.pairspan.protocol.address;

import java.util.Arrays;
import java.util.Objects;

/**
 * An IPv4 or IPv6 prefix such as {@code 10.1.0.0/16} or {@code 2001:db8::/32}. Immutable; host bits are always zero, so one prefix
 * has one value and one text ({@link #toString()}, RFC 5952). IPv4-mapped IPv6 prefixes are refused, so that one address has one family.
 *
 * <p>Ordered by family (IPv4 first), then address, then length: a shorter prefix stands before those it contains.
 */
public final class IpPrefix implements Comparable<IpPrefix> {
    /** Octets of an IPv4 address. */
    public static final int IPV4_OCTETS = 4;
    /** Octets of an IPv6 address. */
    public static final int IPV6_OCTETS = 16;

    private final byte[] address;
    private final int length;

    private IpPrefix(byte[] address, int length) {
        this.address = address;
        this.length = length;
    }

    /**
     * @param text an IPv4 prefix ({@code a.b.c.d/n}) or IPv6 prefix ({@code x::y/n}); an address without {@code /n} stands for itself alone
     * @throws IllegalArgumentException when it is no literal prefix, or has bits set beyond its length
     */
    public static IpPrefix parse(String text) {
        Objects.requireNonNull(text, "text");
        int slash = text.indexOf('/');
        byte[] address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
        return ofBytes(address, slash < 0 ? address.length * Byte.SIZE : parseLength(text, slash + 1));
    }

    /**
     * @param address 4 or 16 octets in network order; copied
     * @param length 0..32 for IPv4, 0..128 for IPv6
     * @throws IllegalArgumentException when the sizes are wrong, bits are set beyond {@code length}, or the prefix is IPv4-mapped
     */
    public static IpPrefix ofBytes(byte[] address, int length) {
        if (address.length != IPV4_OCTETS && address.length != IPV6_OCTETS) {
            throw new IllegalArgumentException("an IP address has 4 or 16 octets, not " + address.length);
        }
        int bits = address.length * Byte.SIZE;
        if (length < 0 || length > bits) {
            throw new IllegalArgumentException("prefix length " + length + " is not within 0.." + bits);
        }
        byte[] network = address.clone();
        clearHostBits(network, length);
        if (!Arrays.equals(network, address)) {
            throw new IllegalArgumentException(IpLiteral.format(address) + "/" + length
                + " has bits set beyond its length; the prefix is " + IpLiteral.format(network) + "/" + length);
        }
        if (length >= IpLiteral.MAPPED_PREFIX_LENGTH && IpLiteral.isMapped(network)) {
            throw new IllegalArgumentException(IpLiteral.format(network) + "/" + length + " is IPv4-mapped: write it as IPv4");
        }
        return new IpPrefix(network, length);
    }

    /** The network address, 4 or 16 octets in network order; a copy. */
    public byte[] address() {
        return address.clone();
    }

    /** The number of leading bits that count: 0..32 for IPv4, 0..128 for IPv6. */
    public int length() {
        return length;
    }

    /** Whether this is an IPv4 prefix; otherwise it is IPv6. */
    public boolean isIpv4() {
        return address.length == IPV4_OCTETS;
    }

    /** Whether every address of {@code other} is in this prefix. False for another family. */
    public boolean contains(IpPrefix other) {
        return other.length >= length && contains(other.address);
    }

    /** Whether the address (4 or 16 octets, network order) is in this prefix. False for another family. */
    public boolean contains(byte[] candidate) {
        if (candidate.length != address.length) {
            return false;
        }
        int whole = length >>> 3;
        if (!Arrays.equals(address, 0, whole, candidate, 0, whole)) {
            return false;
        }
        int rest = length & 7;
        return rest == 0 || ((address[whole] ^ candidate[whole]) & 0xFF) >>> (Byte.SIZE - rest) == 0;
    }

    /** Whether the two share an address: one contains the other. */
    public boolean overlaps(IpPrefix other) {
        return contains(other) || other.contains(this);
    }

    @Override
    public int compareTo(IpPrefix other) {
        int byFamily = Integer.compare(address.length, other.address.length);
        int byAddress = byFamily != 0 ? byFamily : Arrays.compareUnsigned(address, other.address);
        return byAddress != 0 ? byAddress : Integer.compare(length, other.length);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof IpPrefix other && length == other.length && Arrays.equals(address, other.address);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(address) + length;
    }

    @Override
    public String toString() {
        return IpLiteral.format(address) + "/" + length;
    }

    private static int parseLength(String text, int from) {
        String digits = text.substring(from);
        if (!digits.matches("0|[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("'" + text + "' has no decimal prefix length after '/'");
        }
        return Integer.parseInt(digits);
    }

    private static void clearHostBits(byte[] address, int length) {
        int whole = length >>> 3;
        if (whole == address.length) {
            return;
        }
        address[whole] &= (byte) (0xFF00 >>> (length & 7));
        Arrays.fill(address, whole + 1, address.length, (byte) 0);
    }
}
