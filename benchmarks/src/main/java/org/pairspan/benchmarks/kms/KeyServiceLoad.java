package org.pairspan.benchmarks.kms;

import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.pairspan.cli.lab.TemporaryFolder;
import org.pairspan.postgres.PostgresOptions;
import org.pairspan.postgres.PostgresServer;

/**
 * Measures key servers on a database: rows that PostgreSQL itself inserts, new keys, keys that exist, keys of cold pairs; with the same
 * number of questions open each time. See {@link LoadOptions}.
 */
public final class KeyServiceLoad {

    private static final int HANDSHAKES_AT_ONCE = 4;
    private static final int PARTS = 5;
    /** Few: what counts is how long one takes, not how many there could be. */
    private static final int COLD_CONCURRENCY = 4;
    /** Each handshake tells of itself; held here, because loggers are collected. */
    private static final Logger TLS_LOG = Logger.getLogger("org.bouncycastle");

    private final LoadOptions options;
    private final PrintStream out;
    private final PairOrder order;
    private final List<LoadMember> members = new ArrayList<>();
    private CpuMeter cpu;

    private KeyServiceLoad(LoadOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        order = new PairOrder(options.members());
    }

    /** Runs all measurements and prints a line for each. */
    public static void main(String[] arguments) throws Exception {
        LoadOptions options = LoadOptions.ofProperties();
        TLS_LOG.setLevel(Level.OFF);
        PrintStream out = System.out;
        out.println(options);
        try (TemporaryFolder folder = TemporaryFolder.onDisk("pairspan-load-")) {
            if (options.journal().equals("sqlite")) {
                new KeyServiceLoad(options, out).run(folder.path(), null);
                return;
            }
            try (PostgresServer postgres = PostgresServer.start(folder.file("postgres"),
                    PostgresOptions.LOCAL.with("max_connections", Integer.toString(options.concurrency() + 100)).with("shared_buffers", "256MB")
                            .with("max_wal_size", "4GB"))) {
                out.println("pgbench:       " + new Pgbench(postgres, folder.path()).run(options.concurrency(), options.seconds())
                        .orElse("not installed"));
                new KeyServiceLoad(options, out).run(folder.path(), postgres);
            }
        }
    }

    private void run(Path folder, PostgresServer postgres) throws Exception {
        try (LoadedService service = new LoadedService(folder, options, postgres);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            out.println("key servers:   processes " + service.pids());
            service.awaitReady();
            connect(service, threads);
            cpu = new CpuMeter(service.pids(), postgres == null ? null : postgres.pid());
            try {
                newKeys(service, threads);
                if (postgres != null && options.strangers() > 0) {
                    addStrangers(postgres);
                }
                knownKeys(service, threads);
            } finally {
                for (LoadMember member : members) {
                    member.close();
                }
            }
        }
    }

    private void connect(LoadedService service, ExecutorService threads) throws Exception {
        Semaphore handshakes = new Semaphore(HANDSHAKES_AT_ONCE);
        List<Future<LoadMember>> connecting = new ArrayList<>();
        for (int number = 0; number < options.members(); number++) {
            int own = number;
            connecting.add(threads.submit(() -> {
                handshakes.acquire();
                try {
                    return service.member(own);
                } finally {
                    handshakes.release();
                }
            }));
        }
        for (Future<LoadMember> one : connecting) {
            members.add(one.get());
        }
        out.println("members:       " + members.size() + " connected; heaps " + service.heaps() + " MiB");
    }

    private void newKeys(LoadedService service, ExecutorService threads) throws Exception {
        long start = System.nanoTime();
        int part = Math.max(1, options.pairs() / PARTS);
        for (int done = 0; done < options.pairs(); done += part) {
            out.println("new keys:      " + ask(threads, fromTo(done, Math.min(done + part, options.pairs()))) + "; heaps " + service.heaps() + " MiB");
        }
        out.printf("all new keys:  %,.0f a second%n", options.pairs() * 1e9 / (System.nanoTime() - start));
    }

    /** Copies of a pair's rows under names of pairs that nobody asks for: what counts is how many there are. */
    private void addStrangers(PostgresServer postgres) throws SQLException {
        long start = System.nanoTime();
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement()) {
            for (String type : List.of("pair-key", "association")) {
                statement.execute("""
                        INSERT INTO event_journal (persistence_id, sequence_number, writer, write_timestamp, adapter_manifest, event_payload,
                            event_ser_id, event_ser_manifest)
                        SELECT '%1$s|stranger-' || n || '~stranger-' || n + 1, 1, writer, write_timestamp, adapter_manifest, event_payload,
                            event_ser_id, event_ser_manifest
                        FROM (SELECT * FROM event_journal WHERE persistence_id LIKE '%1$s|%%' LIMIT 1) AS one, generate_series(1, %2$d) AS n
                        """.formatted(type, options.strangers()));
            }
            statement.execute("VACUUM ANALYZE event_journal");
        }
        out.printf("strangers:     %,d pairs more in the journal after %.0f s%n", options.strangers(), (System.nanoTime() - start) / 1e9);
    }

    private void knownKeys(LoadedService service, ExecutorService threads) throws Exception {
        AtomicInteger cold = new AtomicInteger();
        if (options.pairs() > options.hot()) {
            out.println("cold keys:     " + ask(threads, COLD_CONCURRENCY, random -> cold.getAndIncrement() < options.cold()
                    ? random.nextInt(options.pairs() - options.hot()) : -1) + "; heaps " + service.heaps() + " MiB");
        }
        int firstHot = options.pairs() - options.hot();
        ask(threads, fromTo(firstHot, options.pairs()));
        for (int i = 0; i < 3; i++) {
            long end = System.nanoTime() + options.seconds() * 1_000_000_000L;
            out.println("existing keys: " + ask(threads, random -> System.nanoTime() < end ? firstHot + random.nextInt(options.hot()) : -1));
        }
        out.println("heaps:         " + service.heaps() + " MiB");
        service.statistics().forEach(bean -> out.println("statistics:    " + bean));
    }

    private static Choice fromTo(int first, int end) {
        AtomicInteger next = new AtomicInteger(first);
        return random -> {
            int pair = next.getAndIncrement();
            return pair < end ? pair : -1;
        };
    }

    /** Which pair's key to ask for next; -1: no more. */
    private interface Choice {
        int next(SplittableRandom random);
    }

    private String ask(ExecutorService threads, Choice choice) throws Exception {
        return ask(threads, options.concurrency(), choice);
    }

    private String ask(ExecutorService threads, int concurrency, Choice choice) throws Exception {
        Latencies latencies = new Latencies();
        cpu.begin();
        long start = System.nanoTime();
        List<Future<?>> askers = new ArrayList<>();
        IntStream.range(0, concurrency).forEach(number -> askers.add(threads.submit(() -> ask(new SplittableRandom(number), choice, latencies))));
        for (Future<?> asker : askers) {
            asker.get();
        }
        return latencies.report(System.nanoTime() - start) + "; " + cpu.perAnswer(Math.max(1, latencies.count()));
    }

    private void ask(SplittableRandom random, Choice choice, Latencies latencies) {
        for (int pair = choice.next(random); pair >= 0; pair = choice.next(random)) {
            boolean turned = random.nextBoolean();
            LoadMember one = members.get(order.one(pair));
            LoadMember other = members.get(order.other(pair));
            long before = System.nanoTime();
            if (turned ? other.ask(one.address()) : one.ask(other.address())) {
                latencies.add(System.nanoTime() - before);
            } else {
                latencies.addRefused();
            }
        }
    }
}
