package org.pairspan.node.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.pairspan.protocol.address.IpLiteral;
import org.pairspan.runtime.config.Settings;

/**
 * The UDP port of protected traffic.
 *
 * @param local         where it is bound.
 * @param advertised    where peers reach it.
 * @param pathMtu       largest IP packet ever sent to a peer, bytes, 1280 to 9000.
 * @param discovery     whether what reaches each peer is found out by probes; otherwise {@code pathMtu} is taken for true.
 * @param socketBuffer  wanted of the kernel, each way, bytes.
 * @param termLength    of a stream, bytes; a power of two from 512 KiB to 16 MiB.
 * @param window        most bytes in flight to this node from one peer, up to 8 MiB; half of the peer's terms is the limit, too.
 * @param directory     of the streams' buffers, where the operator wants it.
 */
public record BearerConfig(InetSocketAddress local, InetSocketAddress advertised, int pathMtu, boolean discovery,
        int socketBuffer, int termLength, int window, Optional<Path> directory) {
    private static final int MIN_PATH_MTU = 1280;
    private static final int MAX_PATH_MTU = 9000;
    private static final int KIB = 1024;
    private static final int MIB = KIB * KIB;
    private static final int GIB = KIB * MIB;
    /** Room for some of the runs of frames, up to 62 KiB, that Aeron's sender passes at once. */
    private static final int MIN_TERM = 512 * KIB;
    /** Two of the largest datagrams. */
    private static final int MIN_WINDOW = 128 * KIB;
    /** What peers take from each other. */
    private static final int MAX_TERM = 16 * MIB;

    static BearerConfig read(Settings settings) {
        InetAddress host = address(settings, "host");
        int port = settings.port("port");
        int termLength = powerOfTwo(settings, "term-length");
        return new BearerConfig(
                new InetSocketAddress(host, port),
                advertised(settings, host, port),
                settings.integer("path-mtu", MIN_PATH_MTU, MAX_PATH_MTU),
                settings.bool("path-mtu-discovery"),
                (int) settings.bytes("socket-buffer", 64 * KIB, GIB),
                termLength,
                (int) settings.bytes("window", MIN_WINDOW, MAX_TERM / 2),
                settings.has("directory") ? Optional.of(settings.path("directory")) : Optional.empty());
    }

    private static InetSocketAddress advertised(Settings settings, InetAddress host, int port) {
        Settings advertised = settings.at("advertised");
        InetAddress address = advertised.has("host") ? address(advertised, "host") : host;
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw advertised.invalid("host", address.getHostAddress(), "must be the one address where peers reach this node");
        }
        return new InetSocketAddress(address, advertised.has("port") ? advertised.port("port") : port);
    }

    private static int powerOfTwo(Settings settings, String name) {
        int length = (int) settings.bytes(name, MIN_TERM, MAX_TERM);
        if (Integer.bitCount(length) != 1) {
            throw settings.invalid(name, length, "must be a power of two");
        }
        return length;
    }

    private static InetAddress address(Settings settings, String name) {
        return settings.parsed(name, "must be a literal IP address", text -> {
            try {
                return InetAddress.getByAddress(IpLiteral.parse(text));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        });
    }
}
