package org.pairspan.node.config;

import java.net.InetSocketAddress;

/** Socket addresses as operators write them. */
public final class HostPort {
    private HostPort() {
    }

    /** {@code host:port}, or {@code [address]:port} for IPv6; looks nothing up. */
    public static String text(InetSocketAddress address) {
        if (address.isUnresolved()) {
            return text(address.getHostString(), address.getPort());
        }
        return text(address.getAddress().getHostAddress(), address.getPort());
    }

    private static String text(String host, int port) {
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + port;
    }
}
