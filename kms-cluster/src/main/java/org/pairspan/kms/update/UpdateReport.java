package org.pairspan.kms.update;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How far updates are, in words for operators; with the last that have ended, as long as this server keeps the list. One thread. */
final class UpdateReport {

    private static final int SHOWN = 20;

    private final Deque<String> ended = new ArrayDeque<>();
    private final Deque<String> notAllowed = new ArrayDeque<>();
    private final Map<Long, Integer> notAllowedOf = new HashMap<>();

    /** A job has ended. */
    void ended(UpdateJob job, String how) {
        show(ended, line(job, how, 0, 0));
        notAllowedOf.remove(job.id());
    }

    /** A pair of a job has ended without an update. */
    void notAllowed(Long job, String pair, String why) {
        show(notAllowed, pair + ": not updated, " + why);
        notAllowedOf.merge(job, 1, Integer::sum);
    }

    private static void show(Deque<String> lines, String line) {
        lines.addFirst(line);
        if (lines.size() > SHOWN) {
            lines.removeLast();
        }
    }

    UpdateJobs.Report of(UpdatePlan plan, OpenPairs pairs) {
        List<String> lines = new ArrayList<>();
        plan.jobs().values().forEach(job -> {
            List<String> open = plan.openOf(job.id());
            int waiting = (int) open.stream().filter(pairs::isWaiting).count();
            lines.addFirst(line(job, "running", open.size() - waiting, waiting));
        });
        lines.addAll(ended);
        Stream<String> open = plan.open().keySet().stream().filter(pair -> !pairs.state(pair).isEmpty()).limit(SHOWN)
                .map(pair -> pair + ": " + pairs.state(pair));
        return new UpdateJobs.Report(lines, Stream.concat(open, notAllowed.stream()).toList());
    }

    private String line(UpdateJob job, String state, int underWay, int waiting) {
        return job.id() + " " + state + ": " + job.text() + ", " + job.done() + " of " + job.opened() + (job.all() ? "" : " or more")
                + " done, " + underWay + " under way, " + waiting + " waiting"
                + (notAllowedOf.containsKey(job.id()) ? ", " + notAllowedOf.get(job.id()) + " not allowed" : "");
    }
}
