package org.pairspan.node.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.pairspan.runtime.config.HostPort;
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

    static KeyServiceConfig read(Settings settings) {
        KeyServiceConfig config = new KeyServiceConfig(
                settings.parsedList("servers", HostPort.RULE, HostPort::parse),
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
}
