package org.pairspan.runtime.config;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Socket addresses as operators read and write them: {@code host:port}, and {@code [address]:port} for IPv6 (RFC 3986 section 3.2.2). */
public final class HostPort {
    /** The rule that {@link #parse} keeps, for operators. */
    public static final String RULE = "must be host:port or [ipv6]:port";

    private static final Pattern FORM = Pattern.compile(
        "(?:\\[([0-9a-fA-F.]*:[0-9a-fA-F:.]*(?:%[\\w.-]+)?)]|([^\\s:/@\\[\\]]+)):([1-9][0-9]{0,4})");
    static final int MAX_PORT = 65_535;

    private HostPort() {
    }

    /**
     * Looks nothing up.
     *
     * @return not resolved; the host without brackets
     * @throws IllegalArgumentException when the text breaks the {@link #RULE}, or the port is not 1..65535; the message does not quote it
     */
    public static InetSocketAddress parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(3)) > MAX_PORT) {
            throw new IllegalArgumentException("no host with a port from 1 to " + MAX_PORT);
        }
        return InetSocketAddress.createUnresolved(parts.group(1) != null ? parts.group(1) : parts.group(2), Integer.parseInt(parts.group(3)));
    }

    /** What {@link #parse} reads; looks nothing up. A resolved address stands there as a number, whatever name it was found by. */
    public static String text(InetSocketAddress address) {
        String host = address.isUnresolved() ? address.getHostString() : address.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : '[' + host + ']') + ':' + address.getPort();
    }
}
