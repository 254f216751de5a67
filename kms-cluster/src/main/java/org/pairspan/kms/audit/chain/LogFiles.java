package org.pairspan.kms.audit.chain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names of a log's files: the one that is written, {@code audit-kms-1.jsonl}, and those that are full, with the number of their first record
 * behind: {@code audit-kms-1.jsonl.000000000001}.
 */
record LogFiles(Path current) {

    private static final int DIGITS = 12;

    /** What a full file is called. */
    Path full(long firstSequence) {
        return current.resolveSibling(current.getFileName() + "." + String.format(Locale.ROOT, "%0" + DIGITS + "d", firstSequence));
    }

    /** The full file that was written last. */
    Optional<Path> newestFull() throws IOException {
        Pattern name = Pattern.compile(Pattern.quote(current.getFileName() + ".") + "[0-9]{" + DIGITS + ",19}");
        try (Stream<Path> files = Files.list(current.toAbsolutePath().getParent())) {
            List<Path> full = files.filter(file -> name.matcher(file.getFileName().toString()).matches()).toList();
            return full.stream().max(Comparator.<Path>comparingInt(file -> file.getFileName().toString().length())
                    .thenComparing(Comparator.naturalOrder()));
        }
    }
}
