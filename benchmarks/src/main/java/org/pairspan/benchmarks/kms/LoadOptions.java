package org.pairspan.benchmarks.kms;

import java.util.List;

/**
 * What is measured. Each is a system property, {@code -Dpairspan.load.NAME=VALUE}.
 *
 * @param servers     key servers, 1 to 3
 * @param members     enrolled members, each with a connection
 * @param pairs       pairs that get a key; at most members * (members - 1) / 2
 * @param concurrency questions that are open at any moment
 * @param seconds     of each measurement that is not of a count
 * @param hot         pairs whose keys are asked for again and again
 * @param cold        questions for keys of pairs that were not asked for since they were made
 * @param strangers   pairs that are only put into the journal, between new keys and cold ones, so that it is as large as it will be
 * @param journal     {@code postgresql} or {@code sqlite}
 * @param keyServerJvm options of the key servers' JVMs
 * @param settings    further lines of their configuration
 */
record LoadOptions(int servers, int members, int pairs, int concurrency, int seconds, int hot, int cold, int strangers,
        String journal, List<String> keyServerJvm, String settings) {

    LoadOptions {
        if (servers < 1 || servers > 3) {
            throw new IllegalArgumentException("1 to 3 key servers, not " + servers);
        }
        if (pairs < 1 || pairs > (long) members * (members - 1) / 2) {
            throw new IllegalArgumentException(members + " members have no " + pairs + " pairs");
        }
    }

    static LoadOptions ofProperties() {
        int pairs = number("pairs", 20_000);
        return new LoadOptions(number("servers", 1), number("members", enoughFor(pairs)), pairs, number("concurrency", 64), number("seconds", 10),
                Math.min(pairs, number("hot", 5_000)), number("cold", 2_000), number("strangers", 0), System.getProperty("pairspan.load.journal", "postgresql"),
                List.of(System.getProperty("pairspan.load.jvm", "-Xmx1g -XX:+UseParallelGC").split(" ")),
                System.getProperty("pairspan.load.settings", ""));
    }

    private static int enoughFor(int pairs) {
        return (int) Math.ceil((1 + Math.sqrt(1 + 8.0 * pairs)) / 2);
    }

    private static int number(String name, int otherwise) {
        return Integer.getInteger("pairspan.load." + name, otherwise);
    }
}
