package org.pairspan.kms.source.quantum;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.pairspan.kms.etsi014.KeyContainer;
import org.pairspan.kms.source.KeyOrigin;
import org.pairspan.kms.source.KeySource;
import org.pairspan.kms.source.KeySourceException;
import org.pairspan.kms.source.SourcedKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys of a KME, fetched in batches, one question at a time, and kept ready in memory up to a level. An answer with anything wrong in it
 * is refused as a whole. After a failure the KME is left alone for a while that doubles each time; until then, who asks is told at once
 * unless a key is ready. Any thread.
 */
public final class QuantumKeySource implements KeySource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QuantumKeySource.class);
    private static final int MOST_WAITING = 10_000;
    private static final int REMEMBERED = 65_536;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);

    private final KeyFetcher kme;
    private final Limits limits;
    private final Function<Duration, Executor> later;
    private final KmeCounters counters = new KmeCounters();
    private final SeenKeys seen = new SeenKeys(REMEMBERED);
    private final Deque<byte[]> ready = new ArrayDeque<>();
    private final Deque<CompletableFuture<SourcedKey>> waiting = new ArrayDeque<>();
    private boolean fetching;
    private boolean leftAlone;
    private int failures;
    private String trouble = "";
    private boolean closed;

    /**
     * How much and how long.
     *
     * @param batch      most keys asked for at once
     * @param prefetch   keys kept ready; 0: fetched when they are asked for
     * @param patience   longest wait of who asks
     * @param maxBackoff longest pause after a failure
     */
    record Limits(int batch, int prefetch, Duration patience, Duration maxBackoff) {
    }

    /** @param later runs something after a time; {@link CompletableFuture#delayedExecutor} outside of tests */
    QuantumKeySource(KeyFetcher kme, Limits limits, Function<Duration, Executor> later) {
        this.kme = kme;
        this.limits = limits;
        this.later = later;
    }

    /** Begins to fill the store, so that a KME that does not answer is known before a key is needed. */
    public void begin() {
        fetchIfNeeded();
    }

    /** What has happened. */
    public KmeCounters counters() {
        return counters;
    }

    @Override
    public CompletionStage<SourcedKey> next() {
        CompletableFuture<SourcedKey> answer = new CompletableFuture<>();
        synchronized (this) {
            byte[] key = ready.poll();
            if (key != null) {
                answer.complete(new SourcedKey(key, KeyOrigin.QUANTUM));
            } else if (closed || leftAlone) {
                answer.completeExceptionally(new KeySourceException("the quantum key source gives no keys: "
                        + (closed ? "closed" : trouble)));
            } else if (waiting.size() == MOST_WAITING) {
                answer.completeExceptionally(new KeySourceException("too many wait for the quantum key source"));
            } else {
                waiting.add(answer);
            }
        }
        fetchIfNeeded();
        return answer.orTimeout(limits.patience().toMillis(), TimeUnit.MILLISECONDS).exceptionallyCompose(failure -> {
            Throwable said = failure instanceof TimeoutException
                    ? new KeySourceException("the quantum key source gave no key within " + limits.patience().toMillis() + " ms") : failure;
            return CompletableFuture.failedStage(said);
        });
    }

    private void fetchIfNeeded() {
        int number;
        synchronized (this) {
            waiting.removeIf(CompletableFuture::isDone);
            int wanted = waiting.size() + limits.prefetch() - ready.size();
            if (fetching || leftAlone || closed || wanted <= 0) {
                return;
            }
            fetching = true;
            number = Math.min(wanted, limits.batch());
        }
        counters.questions.increment();
        CompletableFuture.completedStage(number).thenCompose(kme::fetch).whenComplete((keys, failure) -> {
            if (failure == null) {
                take(number, keys);
            } else {
                leaveAlone(failure);
            }
        });
    }

    private void take(int asked, KeyContainer container) {
        try {
            judge(asked, container);
        } catch (RuntimeException e) {
            // Whatever is wrong, with the answer or here: none of it is used, and the KME is asked again later.
            container.wipe();
            leaveAlone(e);
            return;
        }
        List<CompletableFuture<SourcedKey>> served = new ArrayList<>();
        List<byte[]> keys = new ArrayList<>();
        synchronized (this) {
            if (failures > 0) {
                LOG.info("the quantum key source gives keys again");
            }
            failures = 0;
            trouble = "";
            fetching = false;
            counters.keys.add(container.keys().size());
            if (closed) {
                container.wipe();
                return;
            }
            for (KeyContainer.Key key : container.keys()) {
                if (waiting.isEmpty()) {
                    ready.add(key.bytes());
                } else {
                    served.add(waiting.poll());
                    keys.add(key.bytes());
                }
            }
        }
        for (int i = 0; i < keys.size(); i++) {
            if (!served.get(i).complete(new SourcedKey(keys.get(i), KeyOrigin.QUANTUM))) {
                // Who asked has given up: the key was promised to nobody else and is lost.
                Arrays.fill(keys.get(i), (byte) 0);
            }
        }
        fetchIfNeeded();
    }

    private synchronized void judge(int asked, KeyContainer container) {
        if (container.keys().size() > asked) {
            throw new KmeException(KmeFailure.TOO_MANY, "more keys than asked for");
        }
        boolean allNew = true;
        for (KeyContainer.Key key : container.keys()) {
            if (key.bytes().length != KEY_LENGTH) {
                throw new KmeException(KmeFailure.WRONG_LENGTH, "a key has " + key.bytes().length * Byte.SIZE + " bits, not "
                        + KEY_LENGTH * Byte.SIZE);
            }
            allNew &= seen.add(key);
        }
        if (!allNew) {
            throw new KmeException(KmeFailure.REPEATED, "a key, or its ID, was given before");
        }
        for (KeyContainer.Key key : container.keys()) {
            if (isOneByteAllOver(key.bytes())) {
                throw new KmeException(KmeFailure.WORTHLESS, "a key is one byte all over");
            }
        }
    }

    private static boolean isOneByteAllOver(byte[] key) {
        int difference = 0;
        for (byte one : key) {
            difference |= one ^ key[0];
        }
        return difference == 0;
    }

    private void leaveAlone(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        KmeFailure kind = cause instanceof KmeException known ? known.failure() : KmeFailure.CONNECTION;
        counters.failed(kind);
        List<CompletableFuture<SourcedKey>> disappointed;
        Duration pause;
        synchronized (this) {
            fetching = false;
            leftAlone = true;
            trouble = kind + ": " + cause.getMessage();
            failures++;
            pause = backoff(failures);
            disappointed = List.copyOf(waiting);
            waiting.clear();
        }
        LOG.warn("the quantum key source failed, and is asked again in {} ms: {}: {}", pause.toMillis(), kind, cause.getMessage());
        LOG.debug("its failure", cause);
        later.apply(pause).execute(this::askAgain);
        disappointed.forEach(asker -> asker.completeExceptionally(
                new KeySourceException("the quantum key source gives no keys: " + kind + ": " + cause.getMessage(), cause)));
    }

    private Duration backoff(int failure) {
        Duration pause = FIRST_BACKOFF.multipliedBy(1L << Math.min(failure - 1, 20));
        return pause.compareTo(limits.maxBackoff()) < 0 ? pause : limits.maxBackoff();
    }

    private void askAgain() {
        synchronized (this) {
            leftAlone = false;
        }
        fetchIfNeeded();
    }

    /** Keys ready. */
    public synchronized int ready() {
        return ready.size();
    }

    /** What is wrong with the KME; empty where nothing is. */
    public synchronized String trouble() {
        return trouble;
    }

    /** Wipes what is ready; who waits is told. */
    @Override
    public void close() {
        List<CompletableFuture<SourcedKey>> left;
        synchronized (this) {
            closed = true;
            ready.forEach(key -> Arrays.fill(key, (byte) 0));
            ready.clear();
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(asker -> asker.completeExceptionally(new KeySourceException("the quantum key source is closed")));
    }
}
