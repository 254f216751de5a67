package org.pairspan.multijvm.harness;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Members that ask for keys: of pairs that have one already, now and then of a new pair or for a newer generation. Some
 * pairs are kept back for {@link #newPair}. What is answered goes into the members' {@link AnswerBook}.
 */
public final class KeyLoad implements AutoCloseable {

    private static final int ASKERS = 8;
    private static final int KEPT_BACK = 100;
    private static final int NEWER_ONE_IN = 10;

    private final AnswerBook book;
    private final Deque<Pair> fresh = new ArrayDeque<>();
    private final Deque<Pair> keptBack = new ArrayDeque<>();
    private final List<Pair> known = new ArrayList<>();
    private final List<Thread> askers = new ArrayList<>();
    private final Random random;
    private long answers;
    private final int newPairOneIn;
    private final long pauseNs;
    private volatile boolean stopping;

    /** Two members. */
    public record Pair(MemberClient one, MemberClient other) {
    }

    /** Starts to ask, without pause: as many questions as the machine can bear. */
    public KeyLoad(List<MemberClient> members, AnswerBook book, long seed) {
        this(members, book, seed, 4, Duration.ZERO);
    }

    /**
     * Starts to ask.
     *
     * @param newPairOneIn one of so many questions is for a new pair, while there are some
     * @param pause of each of eight askers between one pair and the next
     */
    public KeyLoad(List<MemberClient> members, AnswerBook book, long seed, int newPairOneIn, Duration pause) {
        this.newPairOneIn = newPairOneIn;
        this.pauseNs = pause.toNanos();
        this.book = book;
        this.random = new Random(seed);
        final List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            for (int j = i + 1; j < members.size(); j++) {
                pairs.add(random.nextBoolean() ? new Pair(members.get(i), members.get(j)) : new Pair(members.get(j), members.get(i)));
            }
        }
        Collections.shuffle(pairs, random);
        keptBack.addAll(pairs.subList(0, KEPT_BACK));
        fresh.addAll(pairs.subList(KEPT_BACK, pairs.size()));
        for (int i = 0; i < ASKERS; i++) {
            askers.add(Thread.ofVirtual().name("asker-" + i).start(this::ask));
        }
    }

    public synchronized long answers() {
        return answers;
    }

    /** Waits until so many more have been answered. */
    public synchronized void awaitAnswers(int more, Duration limit) throws InterruptedException, TimeoutException {
        final long wanted = answers + more;
        final long start = System.nanoTime();
        while (answers < wanted) {
            final long left = limit.toNanos() - (System.nanoTime() - start);
            if (left <= 0) {
                throw new TimeoutException("only " + (more - (wanted - answers)) + " of " + more + " answers came within " + limit.toSeconds() + " s");
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Asks for the key of a pair that has none yet; both its members. */
    public void newPair(Duration limit) throws InterruptedException, TimeoutException {
        final Pair pair;
        synchronized (this) {
            pair = keptBack.remove();
            known.add(pair);
        }
        pair.one.ask(pair.other.address(), limit);
        pair.other.ask(pair.one.address(), limit);
    }

    /** Some pair that has a key. */
    public synchronized Pair anyKnown() {
        final List<Pair> answered = known.stream().filter(pair -> book.knows(pair.one.id(), pair.other.id())).toList();
        return answered.get(random.nextInt(answered.size()));
    }

    /** Ends the load; waits for the questions that are open. */
    public void stop() throws InterruptedException {
        stopping = true;
        for (final Thread asker : askers) {
            asker.join();
        }
    }

    /** Both members of every pair that has a key ask for it once more. Returns how many pairs that were. */
    public int askEverythingAgain(Duration limitEach) throws InterruptedException, TimeoutException {
        final List<Pair> all;
        synchronized (this) {
            all = known.stream().distinct().filter(pair -> book.knows(pair.one.id(), pair.other.id())).toList();
        }
        try (ExecutorService parallel = Executors.newVirtualThreadPerTaskExecutor()) {
            final Semaphore atOnce = new Semaphore(ASKERS);
            final List<Future<Void>> asked = all.stream().map(pair -> parallel.submit(() -> askBoth(pair, atOnce, limitEach))).toList();
            for (final Future<Void> one : asked) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw (TimeoutException) new TimeoutException(e.getCause().getMessage()).initCause(e.getCause());
        }
        return all.size();
    }

    private static Void askBoth(Pair pair, Semaphore atOnce, Duration limitEach) throws InterruptedException, TimeoutException {
        atOnce.acquire();
        try {
            pair.one.ask(pair.other.address(), limitEach);
            pair.other.ask(pair.one.address(), limitEach);
            return null;
        } finally {
            atOnce.release();
        }
    }

    @Override
    public void close() throws InterruptedException {
        stop();
    }

    private void ask() {
        while (!stopping) {
            final Pair pair = next();
            try {
                pair.one.ask(pair.other.address(), above(pair), Duration.ofSeconds(2));
                onAnswer();
                pair.other.ask(pair.one.address(), Duration.ofSeconds(2));
                onAnswer();
                LockSupport.parkNanos(pauseNs);
            } catch (TimeoutException e) {
                // The service is between two leaders; what counts is that nobody is ever told two different keys.
                continue;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private synchronized long above(Pair pair) {
        return random.nextInt(NEWER_ONE_IN) == 0 ? book.generation(pair.one.id(), pair.other.id()) : 0;
    }

    private synchronized Pair next() {
        if (known.isEmpty() || !fresh.isEmpty() && random.nextInt(newPairOneIn) == 0) {
            final Pair pair = fresh.remove();
            known.add(pair);
            return pair;
        }
        return known.get(random.nextInt(known.size()));
    }

    private synchronized void onAnswer() {
        answers++;
        notifyAll();
    }
}
