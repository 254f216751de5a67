package org.pairspan.node.config;

import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.pairspan.runtime.config.Settings;

/**
 * The key servers and how long to wait for them.
 *
 * @param servers at least one, not resolved: a name is looked up at each connection.
 */
public record KeyServiceConfig(List<InetSocketAddress> servers, Duration connectTimeout, Duration requestTimeout,
        Duration pingInterval, Duration deadAfter) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MAX_PORT = 65_535;

    static KeyServiceConfig read(Settings settings) {
        KeyServiceConfig config = new KeyServiceConfig(
                settings.parsedList("servers", "must be host:port or [ipv6]:port", KeyServiceConfig::server),
                time(settings, "connect-timeout"),
                time(settings, "request-timeout"),
                time(settings, "ping-interval"),
                time(settings, "dead-after"));
        if (config.deadAfter.compareTo(config.pingInterval) <= 0) {
            throw settings.invalid("dead-after", config.deadAfter,
                    "must be longer than ping-interval, " + config.pingInterval.toMillis() + " ms");
        }
        return config;
    }

    private static Duration time(Settings settings, String name) {
        return settings.duration(name, SHORTEST, LONGEST);
    }

    static InetSocketAddress server(String text) {
        URI uri = URI.create("tls://" + text);
        boolean isHostAndPort = uri.getHost() != null && uri.getUserInfo() == null && text.equals(uri.getAuthority());
        if (!isHostAndPort || uri.getPort() < 1 || uri.getPort() > MAX_PORT) {
            throw new IllegalArgumentException("no host with a port from 1 to 65535");
        }
        String host = uri.getHost().startsWith("[") ? uri.getHost().substring(1, uri.getHost().length() - 1) : uri.getHost();
        return InetSocketAddress.createUnresolved(host, uri.getPort());
    }
}
