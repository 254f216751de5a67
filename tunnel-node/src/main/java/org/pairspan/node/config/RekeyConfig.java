package org.pairspan.node.config;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.runtime.config.Settings;

/**
 * When keys are replaced (PS-4).
 *
 * @param after at the first of these, new keys are exchanged.
 * @param hard  at the first of these, keys that could not be replaced protect and open nothing more: four times as much, but at least a
 *              minute, 16 GiB and 2^24 packets, so that a short trouble of the exchange stops no tunnel however fast it is.
 */
public record RekeyConfig(SaLifetime after, SaLifetime hard) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final long FEWEST_PACKETS = 1L << 16;
    /** A quarter of what 32 bits count, the most that one key may protect. */
    private static final long MOST_PACKETS = 1L << 30;
    private static final long FEWEST_BYTES = 64L << 20;
    private static final long MOST_BYTES = 1L << 40;
    private static final int HARD = 4;
    private static final long FEWEST_HARD_PACKETS = 1L << 24;
    private static final long FEWEST_HARD_BYTES = 16L << 30;
    private static final long SHORTEST_HARD_NS = TimeUnit.MINUTES.toNanos(1);

    static RekeyConfig read(Settings settings) {
        SaLifetime after = new SaLifetime(settings.count("after-packets", FEWEST_PACKETS, MOST_PACKETS),
                settings.bytes("after-bytes", FEWEST_BYTES, MOST_BYTES),
                settings.duration("after-time", SHORTEST, LONGEST).toNanos());
        return new RekeyConfig(after, new SaLifetime(Math.max(FEWEST_HARD_PACKETS, HARD * after.maxPackets()),
                Math.max(FEWEST_HARD_BYTES, HARD * after.maxBytes()), Math.max(SHORTEST_HARD_NS, HARD * after.maxAgeNs())));
    }
}
