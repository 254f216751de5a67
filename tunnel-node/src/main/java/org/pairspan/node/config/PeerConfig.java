package org.pairspan.node.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.padding.PaddingMode;
import org.pairspan.protocol.padding.PaddingSettings;
import org.pairspan.runtime.config.Settings;

/**
 * How this node deals with one peer, or with all that have no settings of their own.
 *
 * @param chosen  the key exchange, where the operator chose one.
 * @param strict  whether no payload flows before a key exchange.
 * @param padding of what is sent.
 */
public record PeerConfig(Optional<KeyExchange> chosen, boolean strict, PaddingSettings padding) {
    private static final String DEFAULT = "default";
    private static final int SMALLEST_MULTIPLE = 16;
    private static final int LARGEST_MULTIPLE = 65_536;
    private static final Duration SHORTEST_INTERVAL = Duration.ofNanos(10_000);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

    static PeerConfig read(Settings settings) {
        return new PeerConfig(settings.parsed("key-exchange", "must be the name of a key exchange", PeerConfig::exchange),
                settings.bool("strict"), padding(settings.at("padding")));
    }

    /** The key exchange under a suite. */
    public KeyExchange keyExchange(Suite suite) {
        return chosen.orElseGet(() -> KeyExchange.defaultFor(suite));
    }

    private static Optional<KeyExchange> exchange(String text) {
        if (text.equals(DEFAULT)) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(KeyExchange.values()).filter(exchange -> exchange.wireName().equalsIgnoreCase(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there are " + DEFAULT + ", "
                        + Arrays.stream(KeyExchange.values()).map(KeyExchange::wireName).collect(Collectors.joining(", ")))));
    }

    private static PaddingSettings padding(Settings settings) {
        PaddingMode mode = settings.enumOf("mode", PaddingMode.class);
        int multiple = settings.integer("multiple", SMALLEST_MULTIPLE, LARGEST_MULTIPLE);
        Duration interval = settings.duration("interval", SHORTEST_INTERVAL, LONGEST_INTERVAL);
        return mode == PaddingMode.NONE ? PaddingSettings.OFF : new PaddingSettings(mode, multiple, interval.toNanos());
    }
}
