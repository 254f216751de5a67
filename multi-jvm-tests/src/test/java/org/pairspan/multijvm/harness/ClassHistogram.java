package org.pairspan.multijvm.harness;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What lives on a heap, by class. */
public final class ClassHistogram {

    private final Map<String, Long> bytes = new TreeMap<>();

    /** Reads what {@code GC.class_histogram} prints: number, instances, bytes, class. */
    public ClassHistogram(String text) {
        text.lines().map(line -> line.strip().split("\\s+"))
            .filter(columns -> columns.length >= 4 && columns[0].matches("\\d+:"))
            .forEach(columns -> bytes.merge(columns[3], Long.parseLong(columns[2]), Long::sum));
    }

    /** The classes that take more than they did before, most first, such as {@code +4096 byte[]}. */
    public List<String> growthSince(ClassHistogram before, int most) {
        return bytes.entrySet().stream()
            .map(entry -> Map.entry(entry.getKey(), entry.getValue() - before.bytes.getOrDefault(entry.getKey(), 0L)))
            .filter(entry -> entry.getValue() > 0)
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(most)
            .map(entry -> "+" + entry.getValue() + " " + entry.getKey())
            .toList();
    }
}
