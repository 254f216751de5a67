package org.pairspan.multijvm.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import org.pairspan.cli.lab.LabException;

/** What the key servers of an installation have recorded since this was made. */
public final class AuditTrail {

    private static final int SERVERS = 3;
    private static final long POLL_NS = 10_000_000;

    private final List<Path> files = new ArrayList<>();
    private final List<Integer> from = new ArrayList<>();

    private AuditTrail() {
    }

    public static AuditTrail from(Installation installation) {
        final AuditTrail trail = new AuditTrail();
        for (int number = 1; number <= SERVERS; number++) {
            trail.files.add(installation.file("audit-kms-" + number + ".jsonl"));
            trail.from.add(lines(trail.files.getLast()).size());
        }
        return trail;
    }

    /** Waits for a record of an event about a member; says which server, 1 to 3, wrote it. */
    public int await(String event, String member, Duration limit) {
        final long start = System.nanoTime();
        while (true) {
            for (int i = 0; i < files.size(); i++) {
                final List<String> all = lines(files.get(i));
                if (all.subList(Math.min(from.get(i), all.size()), all.size()).stream().anyMatch(line ->
                    line.contains("\"event\":\"" + event + '"') && line.contains("\"member\":\"" + member + '"'))) {
                    return i + 1;
                }
            }
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new LabException("no key server has recorded " + event + " of " + member + " within " + limit.toMillis() + " ms");
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8).lines().toList() : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
