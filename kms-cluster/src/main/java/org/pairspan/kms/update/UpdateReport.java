package org.pairspan.kms.update;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** How far updates are, in words for operators; with the last that have ended, as long as this server keeps the list. One thread. */
final class UpdateReport {

    private static final int SHOWN = 20;

    private final Deque<String> ended = new ArrayDeque<>();

    /** A job has ended. */
    void ended(UpdateJob job, String how) {
        ended.addFirst(line(job, how, 0, 0));
        while (ended.size() > SHOWN) {
            ended.removeLast();
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
        return new UpdateJobs.Report(lines, plan.open().keySet().stream().filter(pair -> !pairs.state(pair).isEmpty()).limit(SHOWN)
                .map(pair -> pair + ": " + pairs.state(pair)).toList());
    }

    private static String line(UpdateJob job, String state, int underWay, int waiting) {
        return job.id() + " " + state + ": " + job.text() + ", " + job.done() + " of " + job.opened() + (job.all() ? "" : " or more")
                + " done, " + underWay + " under way, " + waiting + " waiting";
    }
}
