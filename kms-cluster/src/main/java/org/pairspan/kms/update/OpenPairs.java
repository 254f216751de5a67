package org.pairspan.kms.update;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the open pairs are: not begun, under way, or waiting for another attempt; and how fast new ones may begin. All of it may be lost:
 * then everything open is begun again. Used by one thread; times in ms of one clock.
 */
final class OpenPairs {

    /** A pair that says nothing for so long is asked again: its server may have died. */
    static final long SILENT_MS = 3_000;

    private final Map<String, Pair> pairs = new HashMap<>();
    private final int perSecond;
    private final int atOnce;
    private double allowance;
    private long lastMs;
    private int underWay;

    /** One pair. */
    private static final class Pair {
        private final Pause pause = new Pause();
        private boolean underWay;
        private boolean untold;
        private long job;
        private long dueMs;
        private String state = "";
    }

    OpenPairs(int perSecond, int atOnce, long nowMs) {
        this.perSecond = perSecond;
        this.atOnce = atOnce;
        lastMs = nowMs;
    }

    /** Time goes on: what may begin grows. */
    void advance(long nowMs) {
        allowance = Math.min(perSecond, allowance + perSecond * Math.max(0, nowMs - lastMs) / 1000.0);
        lastMs = nowMs;
    }

    /** These have just been opened: none of them was told anything yet, but those that are here already. */
    void opened(List<String> ids) {
        for (String id : ids) {
            pairs.computeIfAbsent(id, absent -> {
                Pair pair = new Pair();
                pair.untold = true;
                return pair;
            });
        }
    }

    /** Whether to tell a pair now to begin, or to go on; it is then taken to be under way. */
    boolean takeDue(String id, long job, boolean unpaced, long nowMs) {
        Pair pair = pairs.computeIfAbsent(id, absent -> new Pair());
        if (pair.dueMs > nowMs) {
            return false;
        }
        if (!pair.underWay && !unpaced) {
            if (underWay >= atOnce || allowance < 1) {
                return false;
            }
            allowance--;
        }
        if (!pair.underWay) {
            pair.underWay = true;
            pair.job = job;
            underWay++;
        }
        pair.untold = false;
        pair.dueMs = nowMs + SILENT_MS;
        return true;
    }

    /** It has said where it is. */
    void underWay(String id, String phase, long nowMs) {
        Pair pair = pairs.get(id);
        if (pair != null) {
            pair.state = phase;
            pair.dueMs = nowMs + SILENT_MS;
        }
    }

    /**
     * An update of it has ended. Where that began for another job than this, it may be older than this one wants, and the pair is asked
     * again at once.
     *
     * @return whether nothing more is to be done
     */
    boolean isDoneFor(String id, long job) {
        Pair pair = pairs.get(id);
        if (pair == null || !pair.underWay || pair.job == job) {
            return true;
        }
        pair.underWay = false;
        underWay--;
        pair.dueMs = 0;
        return false;
    }

    /** It can't now. */
    void later(String id, String why, long nowMs) {
        Pair pair = pairs.get(id);
        if (pair == null) {
            return;
        }
        if (pair.underWay) {
            pair.underWay = false;
            underWay--;
        }
        pair.state = why;
        pair.dueMs = nowMs + pair.pause.nextMs();
    }

    /** Nothing more is to be done about it. */
    void forget(String id) {
        Pair pair = pairs.remove(id);
        if (pair != null && pair.underWay) {
            underWay--;
        }
    }

    /** Why it waits, or where it is; empty where it has not begun. */
    String state(String id) {
        Pair pair = pairs.get(id);
        return pair == null ? "" : pair.state;
    }

    boolean isWaiting(String id) {
        Pair pair = pairs.get(id);
        return pair != null && !pair.underWay && pair.pause.isDue();
    }

    /** Whether an update of the pair may be under way: it was told to begin, perhaps by another server, and has not said that it can't. */
    boolean mayHaveBegun(String id) {
        Pair pair = pairs.get(id);
        return pair == null || !pair.untold && !isWaiting(id);
    }

    int underWay() {
        return underWay;
    }
}
