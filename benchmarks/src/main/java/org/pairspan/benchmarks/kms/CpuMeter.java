package org.pairspan.benchmarks.kms;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The processor's time that each part took since {@link #begin}: unlike answers a second it hardly depends on what else the machine does.
 */
final class CpuMeter {

    private final List<Long> servers;
    private final Long database;
    private long serversNs;
    private long databaseNs;
    private long ownNs;

    /** @param database null where there is none */
    CpuMeter(List<Long> servers, Long database) {
        this.servers = List.copyOf(servers);
        this.database = database;
    }

    /** Forgets what was used until now, such as for the collections between measurements. */
    void begin() {
        read();
    }

    /** The time of each part divided by a number of answers. */
    String perAnswer(long answers) {
        long serversBefore = serversNs;
        long databaseBefore = databaseNs;
        long ownBefore = ownNs;
        read();
        return String.format(Locale.ROOT, "CPU of an answer: key servers %.0f µs, database %.0f µs, load program %.0f µs",
                (serversNs - serversBefore) / 1e3 / answers, (databaseNs - databaseBefore) / 1e3 / answers, (ownNs - ownBefore) / 1e3 / answers);
    }

    private void read() {
        serversNs = servers.stream().flatMap(pid -> ProcessHandle.of(pid).stream()).mapToLong(CpuMeter::used).sum();
        databaseNs = database == null ? 0 : ProcessHandle.of(database).stream()
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants())).mapToLong(CpuMeter::used).sum();
        ownNs = used(ProcessHandle.current());
    }

    private static long used(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }
}
