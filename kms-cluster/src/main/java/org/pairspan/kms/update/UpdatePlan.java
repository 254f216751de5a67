package org.pairspan.kms.update;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pairspan.kms.cluster.ClusterMessage;

/**
 * What is to be done: the jobs, and the pairs that were opened and are not closed, each with its job. Changed in place by the singleton's
 * thread only; snapshots are copies.
 */
public final class UpdatePlan {

    private final Map<Long, UpdateJob> jobs = new LinkedHashMap<>();
    private final Map<String, Long> open = new LinkedHashMap<>();
    private long lastJob;

    /** The plan as a whole; {@code openPairs} and {@code openJobs} go together. */
    public record Snapshot(long lastJob, List<UpdateJob> jobs, List<String> openPairs, List<Long> openJobs) implements ClusterMessage {
    }

    static UpdatePlan of(Snapshot snapshot) {
        UpdatePlan plan = new UpdatePlan();
        plan.lastJob = snapshot.lastJob();
        snapshot.jobs().forEach(job -> plan.jobs.put(job.id(), job));
        for (int i = 0; i < snapshot.openPairs().size(); i++) {
            plan.open.put(snapshot.openPairs().get(i), snapshot.openJobs().get(i));
        }
        return plan;
    }

    Snapshot snapshot() {
        return new Snapshot(lastJob, List.copyOf(jobs.values()), List.copyOf(open.keySet()), List.copyOf(open.values()));
    }

    UpdatePlan after(KeyUpdateEvent event) {
        switch (event) {
            case KeyUpdateEvent.JobStarted(UpdateJob job) -> {
                jobs.put(job.id(), job);
                lastJob = Math.max(lastJob, job.id());
            }
            case KeyUpdateEvent.PairsOpened(long job, List<String> pairs, String cursor, boolean last) -> {
                for (String pair : pairs) {
                    Long before = open.put(pair, job);
                    if (before != null) {
                        jobs.computeIfPresent(before, (id, of) -> of.closed());
                    }
                }
                jobs.computeIfPresent(job, (id, before) -> before.opened(pairs.size(), cursor, last));
            }
            case KeyUpdateEvent.PairClosed(long job, String pair) -> {
                open.remove(pair);
                jobs.computeIfPresent(job, (id, before) -> before.closed());
            }
            case KeyUpdateEvent.JobEnded(long job) -> {
                jobs.remove(job);
                open.values().removeIf(of -> of == job);
            }
        }
        return this;
    }

    long nextJob() {
        return lastJob + 1;
    }

    Map<Long, UpdateJob> jobs() {
        return jobs;
    }

    Map<String, Long> open() {
        return open;
    }

    /** The open pairs of a job. */
    List<String> openOf(long job) {
        return open.entrySet().stream().filter(entry -> entry.getValue() == job).map(Map.Entry::getKey).toList();
    }

    /** Whether a job is about to destroy the keys of a pair. */
    boolean isToBeDestroyed(String pair) {
        Long job = open.get(pair);
        return job != null && jobs.get(job).kind() == UpdateJob.DESTROY;
    }

    /** Whether a pair is open only for what was begun of a cancelled job. */
    boolean isToBeFinished(String pair) {
        Long job = open.get(pair);
        return job != null && jobs.get(job).kind() == UpdateJob.FINISH;
    }

    /** The job that destroys the keys of a member; null where none is at it. */
    UpdateJob destructionOf(String member) {
        return jobs.values().stream().filter(job -> job.kind() == UpdateJob.DESTROY && job.scope().equals(member)).findFirst().orElse(null);
    }

    /** Of these, the ones that no job is about to do, or one that is content with an older version than this job is. */
    List<String> olderThan(UpdateJob job, List<String> pairs) {
        return pairs.stream().filter(pair -> {
            UpdateJob other = open.containsKey(pair) ? jobs.get(open.get(pair)) : null;
            return other == null || other.kind() != UpdateJob.DESTROY && other.startedAtMs() < job.startedAtMs();
        }).toList();
    }

    /** Of these, the ones that no job is about to do; one that only finishes what was begun is not. */
    List<String> notOpen(List<String> pairs) {
        return pairs.stream().filter(pair -> !open.containsKey(pair) || isToBeFinished(pair)).toList();
    }
}
