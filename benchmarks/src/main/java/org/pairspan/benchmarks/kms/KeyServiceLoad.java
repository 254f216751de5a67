package org.pairspan.benchmarks.kms;

import java.nio.file.Path;
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
    /** Each handshake tells of itself; held here, because loggers are collected. */
    private static final Logger TLS_LOG = Logger.getLogger("org.bouncycastle");

    private final LoadOptions options;
    private final PairOrder order;
    private final List<LoadMember> members = new ArrayList<>();

    private KeyServiceLoad(LoadOptions options) {
        this.options = options;
        order = new PairOrder(options.members());
    }

    /** Runs all measurements and prints a line for each. */
    public static void main(String[] arguments) throws Exception {
        LoadOptions options = LoadOptions.ofProperties();
        TLS_LOG.setLevel(Level.OFF);
        System.out.println(options);
        try (TemporaryFolder folder = TemporaryFolder.onDisk("pairspan-load-")) {
            if (options.journal().equals("sqlite")) {
                new KeyServiceLoad(options).run(folder.path(), null);
                return;
            }
            try (PostgresServer postgres = PostgresServer.start(folder.file("postgres"),
                    PostgresOptions.LOCAL.with("max_connections", Integer.toString(options.concurrency() + 100)).with("shared_buffers", "256MB")
                            .with("max_wal_size", "4GB"))) {
                System.out.println("pgbench:       " + new Pgbench(postgres, folder.path()).run(options.concurrency(), options.seconds())
                        .orElse("not installed"));
                new KeyServiceLoad(options).run(folder.path(), postgres);
            }
        }
    }

    private void run(Path folder, PostgresServer postgres) throws Exception {
        try (LoadedService service = new LoadedService(folder, options, postgres);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            System.out.println("key servers:   processes " + service.pids());
            connect(service, threads);
            try {
                measure(service, threads);
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
        System.out.println("members:       " + members.size() + " connected; heaps " + service.heaps() + " MiB");
    }

    private void measure(LoadedService service, ExecutorService threads) throws Exception {
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        int part = Math.max(1, options.pairs() / 5);
        for (int done = part; done <= options.pairs(); done += part) {
            int until = done;
            System.out.println("new keys:      " + ask(threads, random -> {
                int pair = next.getAndIncrement();
                return pair < until ? pair : -1;
            }) + "; heaps " + service.heaps() + " MiB");
            next.set(until);
        }
        System.out.printf("all new keys:  %,.0f a second%n", options.pairs() * 1e9 / (System.nanoTime() - start));
        AtomicInteger cold = new AtomicInteger();
        if (options.pairs() > options.hot()) {
            System.out.println("cold keys:     " + ask(threads, random -> cold.getAndIncrement() < options.cold()
                    ? random.nextInt(options.pairs() - options.hot()) : -1));
        }
        ask(threads, eachOnce(options.hot()));
        for (int i = 0; i < 3; i++) {
            long end = System.nanoTime() + options.seconds() * 1_000_000_000L;
            System.out.println("existing keys: " + ask(threads, random -> System.nanoTime() < end ? random.nextInt(options.hot()) : -1));
        }
        System.out.println("heaps:         " + service.heaps() + " MiB");
        service.statistics().forEach(bean -> System.out.println("statistics:    " + bean));
    }

    private static Choice eachOnce(int pairs) {
        AtomicInteger next = new AtomicInteger();
        return random -> {
            int pair = next.getAndIncrement();
            return pair < pairs ? pair : -1;
        };
    }

    /** Which pair's key to ask for next; -1: no more. */
    private interface Choice {
        int next(SplittableRandom random);
    }

    private String ask(ExecutorService threads, Choice choice) throws Exception {
        Latencies latencies = new Latencies();
        long start = System.nanoTime();
        List<Future<?>> askers = new ArrayList<>();
        IntStream.range(0, options.concurrency()).forEach(number -> askers.add(threads.submit(() -> ask(new SplittableRandom(number), choice, latencies))));
        for (Future<?> asker : askers) {
            asker.get();
        }
        return latencies.report(System.nanoTime() - start);
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
