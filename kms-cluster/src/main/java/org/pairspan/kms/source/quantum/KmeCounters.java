package org.pairspan.kms.source.quantum;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What a quantum key source counts since its start. Safe for use by several threads. */
public final class KmeCounters {

    /** Questions to the KME. */
    public final LongAdder questions = new LongAdder();
    /** Keys taken from it. */
    public final LongAdder keys = new LongAdder();

    private final Map<KmeFailure, LongAdder> failures = new EnumMap<>(KmeFailure.class);

    KmeCounters() {
        for (KmeFailure failure : KmeFailure.values()) {
            failures.put(failure, new LongAdder());
        }
    }

    void failed(KmeFailure failure) {
        failures.get(failure).increment();
    }

    /** Questions that gave no keys, by reason; reasons that never came up are left out. */
    public Map<String, Long> failures() {
        Map<String, Long> counts = new TreeMap<>();
        failures.forEach((failure, count) -> {
            if (count.sum() > 0) {
                counts.put(failure.name(), count.sum());
            }
        });
        return counts;
    }
}
