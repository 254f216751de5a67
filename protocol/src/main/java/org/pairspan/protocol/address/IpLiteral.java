package org.pairspan.protocol.address;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Text of IP addresses: dotted decimal for IPv4; RFC 4291 section 2.2 read and RFC 5952 written for IPv6. Literals only: a host name is an
 * error, never a question to a name server.
 */
public final class IpLiteral {
    static final int MAPPED_PREFIX_LENGTH = 96;

    private static final Pattern DOTTED_DECIMAL = Pattern.compile("(0|[1-9][0-9]{0,2})(\\.(0|[1-9][0-9]{0,2})){3}");
    private static final Pattern COLON_HEXADECIMAL = Pattern.compile("[0-9a-fA-F:.]{2,45}");
    private static final byte[] MAPPED_PREFIX = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xFF, (byte) 0xFF};
    private static final int GROUPS = 8;

    private IpLiteral() {
    }

    /**
     * @return the address's 4 or 16 octets in network order
     * @throws IllegalArgumentException when the text is no plain literal; zones ({@code %eth0}) and IPv4-mapped addresses are refused
     */
    public static byte[] parse(String text) {
        try {
            if (DOTTED_DECIMAL.matcher(text).matches()) {
                return Inet4Address.ofLiteral(text).getAddress();
            }
            if (COLON_HEXADECIMAL.matcher(text).matches() && text.indexOf(':') >= 0) {
                byte[] address = Inet6Address.ofLiteral(text).getAddress();
                if (address.length == IpPrefix.IPV6_OCTETS) {
                    return address;
                }
                throw new IllegalArgumentException("'" + text + "' is an IPv4-mapped address: write it as IPv4");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not an IPv4 or IPv6 address: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("'" + text + "' is not an IPv4 or IPv6 address");
    }

    /**
     * @param address 4 or 16 octets in network order
     * @return its canonical text
     */
    public static String format(byte[] address) {
        return switch (address.length) {
            case IpPrefix.IPV4_OCTETS -> formatIpv4(address);
            case IpPrefix.IPV6_OCTETS -> formatIpv6(address);
            default -> throw new IllegalArgumentException("an IP address has 4 or 16 octets, not " + address.length);
        };
    }

    static boolean isMapped(byte[] address) {
        return address.length == IpPrefix.IPV6_OCTETS && Arrays.equals(address, 0, MAPPED_PREFIX.length, MAPPED_PREFIX, 0, MAPPED_PREFIX.length);
    }

    private static String formatIpv4(byte[] address) {
        return (address[0] & 0xFF) + "." + (address[1] & 0xFF) + "." + (address[2] & 0xFF) + "." + (address[3] & 0xFF);
    }

    /** RFC 5952 section 4: lower case, no leading zeros, "::" for the first longest run of at least two zero groups. */
    private static String formatIpv6(byte[] address) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (address[2 * i] & 0xFF) << 8 | address[2 * i + 1] & 0xFF;
        }
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > runLength) {
                runStart = i;
                runLength = end - i;
            }
            i = Math.max(i, end);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
