package org.pairspan.kms.update;

import java.util.List;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the pairs of jobs in the journal, a page at a time, one search at a time; where one fails, the next waits. One thread. */
final class JobSearch {

    /** Pairs that are looked for at a time. */
    static final int PAGE = 500;

    private static final Logger LOG = LoggerFactory.getLogger(JobSearch.class);

    private final PairCensus census;
    private final int mostOpen;
    private final Pause pause = new Pause();
    private boolean searching;
    private long notBeforeMs;

    /** Pairs of a job were found. */
    record Found(long job, List<String> pairs, Throwable failure) implements KeyUpdates.Command {
    }

    /** @param mostOpen pairs that may be open at a time */
    JobSearch(PairCensus census, int mostOpen) {
        this.census = census;
        this.mostOpen = mostOpen;
    }

    /** Looks for the next pairs of a job, where it has others, there is room for them and nothing else is looked for. */
    void search(UpdatePlan plan, UpdateJob job, OpenPairs pairs, long nowMs, ActorContext<KeyUpdates.Command> context) {
        if (job.all() || searching || nowMs < notBeforeMs || job.kind() != UpdateJob.DESTROY && !hasRoom(plan, pairs)) {
            return;
        }
        searching = true;
        context.pipeToSelf(census.next(job.cursor(), job.kind() == UpdateJob.ALL ? null : job.scope(), PAGE),
                (found, failure) -> new Found(job.id(), found, failure));
    }

    private boolean hasRoom(UpdatePlan plan, OpenPairs pairs) {
        return plan.open().size() < mostOpen
                && plan.open().keySet().stream().filter(pair -> !pairs.isWaiting(pair)).limit(PAGE).count() < PAGE;
    }

    /** Whether pairs were found: the next may be looked for. */
    boolean isAnswered(Found found, long nowMs) {
        searching = false;
        if (found.failure() == null) {
            pause.reset();
            return true;
        }
        long pauseMs = pause.nextMs();
        notBeforeMs = nowMs + pauseMs;
        LOG.warn("the journal does not tell the pairs of key update {}, asked again in {} ms: {}", found.job(), pauseMs, found.failure().toString());
        return false;
    }
}
