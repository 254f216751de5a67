package org.pairspan.kms.source.combined;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.pairspan.kms.source.KeyOrigin;
import org.pairspan.kms.source.KeySource;

/** Counts keys by what they were made of, and questions that gave none. Safe for use by several threads. */
final class OriginCounters {

    private final Map<KeyOrigin, LongAdder> keys = new EnumMap<>(KeyOrigin.class);
    private final LongAdder failures = new LongAdder();

    OriginCounters() {
        for (KeyOrigin origin : KeyOrigin.values()) {
            keys.put(origin, new LongAdder());
        }
    }

    /** The same source, counted. */
    KeySource counting(KeySource source) {
        return () -> source.next().whenComplete((key, failure) -> (failure == null ? keys.get(key.origin()) : failures).increment());
    }

    Map<String, Long> keys() {
        Map<String, Long> counts = new TreeMap<>();
        keys.forEach((origin, count) -> counts.put(origin.toString(), count.sum()));
        return counts;
    }

    long failures() {
        return failures.sum();
    }
}
