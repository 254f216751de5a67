package org.pairspan.cli.ctl;

import java.util.Comparator;
import java.util.SortedMap;

/**
 * What an MXBean showed.
 *
 * @param type what it is, such as {@code Node}
 * @param name which one; empty where there is only one
 * @param attributes open values by name
 */
record Bean(String type, String name, SortedMap<String, Object> attributes) implements Comparable<Bean> {
    private static final Comparator<Bean> ORDER = Comparator.comparing(Bean::type).thenComparing(Bean::name);

    @Override
    public int compareTo(Bean other) {
        return ORDER.compare(this, other);
    }
}
