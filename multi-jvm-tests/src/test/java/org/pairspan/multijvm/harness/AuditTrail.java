package org.pairspan.multijvm.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
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

    private final List<Log> logs = new ArrayList<>();

    /** One server's, as far as it was read. */
    private static final class Log {
        private final Path file;
        private final List<String> records = new ArrayList<>();
        private long read;

        Log(Path file) {
            this.file = file;
        }

        /** Reads on, to the end of the last whole record. */
        void read() {
            if (!Files.exists(file)) {
                return;
            }
            try (SeekableByteChannel channel = Files.newByteChannel(file)) {
                final ByteBuffer bytes = ByteBuffer.allocate((int) (channel.position(read).size() - read));
                while (bytes.hasRemaining() && channel.read(bytes) >= 0) { }
                final String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
                final int end = text.lastIndexOf('\n') + 1;
                records.addAll(text.substring(0, end).lines().toList());
                read += end;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private AuditTrail() {
    }

    public static AuditTrail from(Installation installation) {
        final AuditTrail trail = new AuditTrail();
        for (int number = 1; number <= SERVERS; number++) {
            final Log log = new Log(installation.file("audit-kms-" + number + ".jsonl"));
            log.read();
            log.records.clear();
            trail.logs.add(log);
        }
        return trail;
    }

    /** Waits for a record of an event about a member; says which server, 1 to 3, wrote it. */
    public int await(String event, String member, Duration limit) {
        final long start = System.nanoTime();
        while (true) {
            for (final Log log : logs) {
                log.read();
                if (log.records.stream().anyMatch(line -> line.contains("\"event\":\"" + event + '"') && line.contains("\"member\":\"" + member + '"'))) {
                    return logs.indexOf(log) + 1;
                }
            }
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new LabException("no key server has recorded " + event + " of " + member + " within " + limit.toMillis() + " ms");
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }
}
