package org.pairspan.kms.update;

import org.pairspan.kms.cluster.ClusterMessage;

/**
 * Something to be done to many pairs, one after another in the order of their ids; and how far it is.
 *
 * @param id          from 1, ascending
 * @param kind        what is done
 * @param scope       the pair's id for {@link #PAIR}, the member's for {@link #MEMBER} and {@link #DESTROY}, another job's id for {@link #FINISH}, empty
 *                    otherwise
 * @param startedAtMs ms since 1970; versions in use since then are new enough
 * @param cursor      the last pair that was looked at; empty before the first
 * @param opened      pairs opened so far
 * @param done        of them, pairs that nothing more is to be done about
 * @param all         whether every pair of the job was opened
 */
public record UpdateJob(long id, int kind, String scope, long startedAtMs, String cursor, int opened, int done, boolean all)
        implements ClusterMessage {

    /** Kinds of jobs: their numbers stand in the journal. */
    public static final int PAIR = 1;
    public static final int MEMBER = 2;
    public static final int ALL = 3;
    public static final int AGED = 4;
    public static final int DESTROY = 5;
    /** What a cancelled job had begun; versions in use since ever are new enough for it, so nothing else begins. */
    public static final int FINISH = 6;

    static UpdateJob begun(long id, int kind, String scope, long nowMs) {
        return new UpdateJob(id, kind, scope, nowMs, "", 0, 0, false);
    }

    UpdateJob opened(int pairs, String upTo, boolean last) {
        return new UpdateJob(id, kind, scope, startedAtMs, upTo, opened + pairs, done, all || last);
    }

    UpdateJob closed() {
        return new UpdateJob(id, kind, scope, startedAtMs, cursor, opened, done + 1, all);
    }

    boolean isOver() {
        return all && done >= opened;
    }

    /** For operators. */
    String text() {
        return switch (kind) {
            case PAIR -> "pair " + scope;
            case MEMBER -> "member " + scope;
            case ALL -> "all pairs";
            case AGED -> "keys that have come of age or were used enough";
            case DESTROY -> "destruction of the keys of " + scope;
            case FINISH -> "what key update " + scope + " had begun when it was cancelled";
            default -> "kind " + kind;
        };
    }
}
