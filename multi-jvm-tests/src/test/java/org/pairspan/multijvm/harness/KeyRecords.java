package org.pairspan.multijvm.harness;

import org.pairspan.multijvm.harness.AnswerBook.Told;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The audit records of all key servers together, as far as they tell of keys that went out. */
public final class KeyRecords {

    private static final Pattern FIELD = Pattern.compile("\"(\\w+)\":(?:\"((?:[^\"\\\\]|\\\\.)*)\"|(-?\\d+))");

    private final Map<Told, Integer> records = new HashMap<>();

    /** Reads the files; a line that was cut off by a kill tells nothing. */
    public static KeyRecords read(List<Path> files) throws IOException {
        final KeyRecords trail = new KeyRecords();
        for (final Path file : files) {
            try (Stream<String> lines = Files.lines(file)) {
                lines.filter(line -> line.endsWith("}")).forEach(trail::add);
            }
        }
        return trail;
    }

    void add(String line) {
        told(line).ifPresent(one -> records.merge(one, 1, Integer::sum));
    }

    private static Optional<Told> told(String line) {
        final Map<String, String> fields = new HashMap<>();
        final Matcher matcher = FIELD.matcher(line);
        while (matcher.find()) {
            fields.put(matcher.group(1), matcher.group(2) == null ? matcher.group(3) : matcher.group(2));
        }
        final boolean granted = "key-request".equals(fields.get("event")) && "granted".equals(fields.get("result"));
        final boolean installed = "install".equals(fields.get("event")) && "sent".equals(fields.get("result"));
        if (!granted && !installed) {
            return Optional.empty();
        }
        return Optional.of(new Told(granted, fields.get("member"), fields.get("peer"), Integer.parseInt(fields.get("key_version")),
            Long.parseLong(fields.get("generation"))));
    }

    /** How many records there are of keys that went out. */
    public int size() {
        return records.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** What was told more often than there are records of it. */
    public List<String> missing(Map<Told, Integer> told) {
        return told.entrySet().stream().filter(entry -> entry.getValue() > records.getOrDefault(entry.getKey(), 0))
            .map(entry -> entry.getKey() + " was told " + entry.getValue() + " times, and is on record " + records.getOrDefault(entry.getKey(), 0) + " times")
            .sorted().toList();
    }
}
