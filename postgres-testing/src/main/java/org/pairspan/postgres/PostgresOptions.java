package org.pairspan.postgres;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a server is run.
 *
 * @param address  where it listens
 * @param port     TCP; 0: one that is free now, which only makes sense in the network this JVM sees
 * @param prefix   command in front of the server's, such as {@code ip netns exec NAME}; must keep the process id
 * @param settings further lines of {@code postgresql.conf}
 */
public record PostgresOptions(String address, int port, List<String> prefix, Map<String, String> settings) {

    /** On this machine's loopback interface, PostgreSQL's own defaults: every commit reaches the disk. */
    public static final PostgresOptions LOCAL = new PostgresOptions("127.0.0.1", 0, List.of(), Map.of());

    public PostgresOptions {
        prefix = List.copyOf(prefix);
        settings = Map.copyOf(settings);
    }

    /** With one more setting. */
    public PostgresOptions with(String setting, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(setting, value);
        return new PostgresOptions(address, port, prefix, more);
    }
}
