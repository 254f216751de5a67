package org.pairspan.node.device;

import org.pairspan.protocol.address.IpPrefix;

/**
 * An interface's own address and the length of its network, such as {@code 10.1.0.1/24}. Other than a prefix it has host bits.
 *
 * @param address the address alone, as a prefix of full length
 * @param networkLength leading bits its network shares: 0..32 for IPv4, 0..128 for IPv6
 */
public record InterfaceAddress(IpPrefix address, int networkLength) {
    /** @throws IllegalArgumentException when the address is a network, or the length does not fit its family */
    public InterfaceAddress {
        int bits = address.isIpv4() ? Integer.SIZE : 2 * Long.SIZE;
        if (address.length() != bits) {
            throw new IllegalArgumentException(address + " is a network, not an address");
        }
        if (networkLength < 0 || networkLength > bits) {
            throw new IllegalArgumentException("prefix length " + networkLength + " is not within 0.." + bits);
        }
    }

    /**
     * @param text {@code a.b.c.d/n} or {@code x::y/n}; without {@code /n} the address is alone in its network
     * @throws IllegalArgumentException when it is neither
     */
    public static InterfaceAddress parse(String text) {
        int slash = text.indexOf('/');
        IpPrefix address = IpPrefix.parse(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new InterfaceAddress(address, address.length());
        }
        String digits = text.substring(slash + 1);
        if (!digits.matches("0|[1-9][0-9]{0,2}")) {
            throw new IllegalArgumentException("'" + text + "' has no decimal prefix length after '/'");
        }
        return new InterfaceAddress(address, Integer.parseInt(digits));
    }

    @Override
    public String toString() {
        String host = address.toString();
        return host.substring(0, host.indexOf('/')) + "/" + networkLength;
    }
}
