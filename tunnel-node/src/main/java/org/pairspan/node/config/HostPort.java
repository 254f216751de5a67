package org.pairspan.node.config;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** Socket addresses as operators write them. */
public final class HostPort {
    private HostPort() {
    }

    /** {@code host:port}, or {@code [address]:port} for IPv6; looks nothing up. */
    public static String text(InetSocketAddress address) {
        if (address.isUnresolved()) {
            return (address.getHostString().indexOf(':') < 0 ? address.getHostString() : '[' + address.getHostString() + ']') + ':' + address.getPort();
        }
        String host = address.getAddress().getHostAddress();
        return (address.getAddress() instanceof Inet6Address ? '[' + host + ']' : host) + ':' + address.getPort();
    }
}
