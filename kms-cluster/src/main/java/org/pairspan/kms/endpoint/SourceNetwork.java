package org.pairspan.kms.endpoint;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Whose a source address is taken for: an IPv4 address stands for itself, one of IPv6 for its /64, all of which one host can have. */
public final class SourceNetwork {

    private static final int NETWORK_BYTES = 8;

    private SourceNetwork() {
    }

    /** Such as {@code 192.0.2.1} or {@code 2001:db8:0:0:0:0:0:0/64}. */
    public static String of(InetAddress address) {
        if (!(address instanceof Inet6Address)) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        Arrays.fill(bytes, NETWORK_BYTES, bytes.length, (byte) 0);
        try {
            return InetAddress.getByAddress(bytes).getHostAddress() + "/64";
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IPv6 address has 16 bytes", e);
        }
    }
}
