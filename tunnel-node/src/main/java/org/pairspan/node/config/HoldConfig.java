package org.pairspan.node.config;

import java.time.Duration;
import org.pairspan.runtime.config.Settings;

/**
 * Packets that wait for their key.
 *
 * @param packets most that wait, 1 to 65536.
 * @param bytes   most that wait.
 * @param timeout the longest wait.
 */
public record HoldConfig(int packets, int bytes, Duration timeout) {
    private static final int MAX_PACKETS = 65_536;
    private static final int MIN_BYTES = 64 * 1024;
    private static final int MAX_BYTES = 1024 * 1024 * 1024;
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMinutes(1);

    static HoldConfig read(Settings settings) {
        return new HoldConfig(settings.integer("packets", 1, MAX_PACKETS), (int) settings.bytes("bytes", MIN_BYTES, MAX_BYTES),
                settings.duration("timeout", SHORTEST, LONGEST));
    }
}
