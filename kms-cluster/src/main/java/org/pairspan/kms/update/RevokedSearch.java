package org.pairspan.kms.update;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.pairspan.kms.pairkey.PairId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for pairs of revoked members that still have a key, so that every revocation that the directory knows ends with the destruction of
 * the keys, whatever was interrupted:
 *
 * <ul>
 * <li>soon after this server began to keep the list, or knows of a revocation: the server that carried it out may have died between the
 * directory's write and the beginning of the destruction;
 * <li>once more a minute later: a request that was under way when the member was revoked may have had a key made after its pairs were
 * looked for;
 * <li>then every so often, for what takes even longer.
 * </ul>
 *
 * One thread.
 */
final class RevokedSearch {

    /** Pairs that are looked at at a time. */
    static final int PAGE = 10_000;
    /** Until then whoever revokes a member has begun the destruction itself, if it lives. */
    static final long FIRST_MS = 2_000;
    /** Longer than any request takes, or a key on its way into the journal. */
    static final long SECOND_MS = 60_000;

    private static final Logger LOG = LoggerFactory.getLogger(RevokedSearch.class);

    private final Set<String> revoked;
    private final PairCensus census;
    private final long everyMs;
    private final Pause pause = new Pause();
    private int known;
    private String cursor = "";
    private boolean asking;
    private long dueMs;
    private long secondMs;
    /** When the search that is under way, or was the last, began. */
    private long begunMs;

    /** Pairs that have a key were found. */
    record Found(List<String> pairs, Throwable failure) implements KeyUpdates.Command {
    }

    /** @param revoked ids of the members that are revoked; grows on other threads */
    RevokedSearch(Set<String> revoked, PairCensus census, long everyMs) {
        this.revoked = revoked;
        this.census = census;
        this.everyMs = everyMs;
    }

    /** Asks for the next page, where it is time. */
    void search(long nowMs, ActorContext<KeyUpdates.Command> context) {
        if (revoked.size() > known && !asking) {
            known = revoked.size();
            cursor = "";
            dueMs = nowMs + FIRST_MS;
            secondMs = nowMs + SECOND_MS;
        }
        if (known > 0 && !asking && nowMs >= dueMs) {
            asking = true;
            if (cursor.isEmpty()) {
                begunMs = nowMs;
            }
            context.pipeToSelf(census.next(cursor, null, PAGE), Found::new);
        }
    }

    /** The revoked members among those found. */
    Set<String> take(Found found, long nowMs) {
        asking = false;
        if (found.failure() != null) {
            dueMs = nowMs + pause.nextMs();
            LOG.warn("the journal does not tell whether revoked members have keys: {}", found.failure().toString());
            return Set.of();
        }
        pause.reset();
        if (found.pairs().size() < PAGE) {
            cursor = "";
            // A search that took longer than until the second was due has not seen what was made in the meantime.
            dueMs = begunMs < secondMs ? Math.max(secondMs, nowMs) : nowMs + everyMs;
        } else {
            cursor = found.pairs().getLast();
        }
        Set<String> members = new LinkedHashSet<>();
        found.pairs().stream().map(PairId::parse).flatMap(pair -> Stream.of(pair.low(), pair.high())).filter(revoked::contains)
                .forEach(members::add);
        return members;
    }
}
