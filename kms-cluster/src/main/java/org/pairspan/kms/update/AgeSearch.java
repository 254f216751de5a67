package org.pairspan.kms.update;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.pairspan.kms.config.KeyUpdateLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for keys that have come of age: every so often through all pairs, once for each limit, a page at a time. It goes on behind the
 * last pair it has looked at, so that pairs whose update waits keep no others from being found. One thread.
 */
final class AgeSearch {

    /** Pairs that are looked at at a time. */
    static final int PAGE = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(AgeSearch.class);

    private final KeyUpdateLimits limits;
    private final KeyAges ages;
    private final PairCensus census;
    private final Pause pause = new Pause();
    /** What is still to be looked for in this round. */
    private final Queue<Duration> left = new ArrayDeque<>();
    /** What is looked for; null between rounds. */
    private Duration age;
    private String cursor = "";
    private boolean asking;
    private long dueMs;

    /** Pairs with a key that has not changed since were found. */
    record Found(long olderThanMs, List<String> pairs, Throwable failure) implements KeyUpdates.Command {
    }

    AgeSearch(KeyUpdateLimits limits, KeyAges ages, PairCensus census, long nowMs) {
        this.limits = limits;
        this.ages = ages;
        this.census = census;
        dueMs = nowMs + limits.lookEvery().toMillis();
    }

    /** Asks for the next page, where it is time. */
    void search(long nowMs, ActorContext<KeyUpdates.Command> context) {
        if (asking || nowMs < dueMs) {
            return;
        }
        if (age == null) {
            age = limits.afterAge();
            ages.all().stream().filter(less -> less.compareTo(limits.afterAge()) < 0).forEach(left::add);
        }
        asking = true;
        long olderThanMs = nowMs - age.toMillis();
        context.pipeToSelf(census.unchangedSince(cursor, olderThanMs, PAGE), (found, failure) -> new Found(olderThanMs, found, failure));
    }

    /** The pairs among those found whose limit it is. */
    List<String> take(Found found, long nowMs) {
        asking = false;
        if (found.failure() != null) {
            dueMs = nowMs + pause.nextMs();
            LOG.warn("the journal does not tell which keys have come of age: {}", found.failure().toString());
            return List.of();
        }
        pause.reset();
        Duration limit = age;
        if (found.pairs().size() < PAGE) {
            cursor = "";
            age = left.poll();
            dueMs = age == null ? nowMs + limits.lookEvery().toMillis() : nowMs;
        } else {
            cursor = found.pairs().getLast();
        }
        return limit.equals(limits.afterAge()) ? found.pairs() : found.pairs().stream().filter(pair -> ages.isLimitOf(pair, limit)).toList();
    }
}
