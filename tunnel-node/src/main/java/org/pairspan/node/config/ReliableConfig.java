package org.pairspan.node.config;

import org.pairspan.runtime.config.Settings;

/**
 * The reliable class (PS-6).
 *
 * @param buffer for each peer and each way, bytes: what is sent and not acknowledged yet, or came and waits for what is missing.
 */
public record ReliableConfig(int buffer) {
    private static final int SMALLEST = 256 * 1024;
    private static final int LARGEST = 128 * 1024 * 1024;

    static ReliableConfig read(Settings settings) {
        return new ReliableConfig((int) settings.bytes("buffer", SMALLEST, LARGEST));
    }
}
