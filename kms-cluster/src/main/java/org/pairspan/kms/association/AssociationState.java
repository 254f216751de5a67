package org.pairspan.kms.association;

import java.util.List;
import org.pairspan.kms.cluster.ClusterMessage;

/**
 * What is known of a pair's association. Also what a snapshot holds.
 *
 * @param newest       the newest generation in use; null before the first
 * @param last         the highest number of a generation there ever was
 * @param derived      generations of the current version of the key
 * @param versionSince when the current version came into use, ms since 1970; 0 where that is not known, for the first
 * @param update       the update that is under way, or null
 */
public record AssociationState(Generation newest, long last, int derived, long versionSince, Update update) implements ClusterMessage {

    static final AssociationState EMPTY = new AssociationState(null, 0, 0, 0, null);

    /**
     * An update under way.
     *
     * @param next      the first generation of the new version, with the incarnations of both members it is for
     * @param past      version it takes the place of
     * @param activated whether the new version is in use; otherwise it is prepared
     */
    public record Update(Generation next, int past, boolean activated) implements ClusterMessage {
    }

    /** Whether an update is under way that can still be given up. */
    boolean isPreparing() {
        return update != null && !update.activated;
    }

    /** What a demand leads to. A generation that must change while an update is being prepared ends that update. */
    List<AssociationEvent> judge(Generation next) {
        if (next.equals(newest)) {
            return List.of();
        }
        boolean another = newest == null || next.number() != newest.number();
        return isPreparing() && another ? List.of(new AssociationEvent.RolledBack(update.next.keyVersion()), next) : List.of(next);
    }

    AssociationState after(AssociationEvent event) {
        return switch (event) {
            case Generation generation -> new AssociationState(generation, Math.max(last, generation.number()),
                    newest != null && newest.number() == generation.number() ? derived : derived + 1, versionSince, update);
            case AssociationEvent.Prepared(Generation next) ->
                    new AssociationState(newest, next.number(), derived, versionSince, new Update(next, newest.keyVersion(), false));
            case AssociationEvent.Activated(int version, long atMs) ->
                    new AssociationState(update.next, last, 1, atMs, new Update(update.next, update.past, true));
            case AssociationEvent.RolledBack gone -> new AssociationState(newest, last, derived, versionSince, null);
            case AssociationEvent.Retired gone -> new AssociationState(newest, last, derived, versionSince, null);
        };
    }

    /** What an older key server left as a snapshot is the newest generation alone. */
    static AssociationState ofSnapshot(Object snapshot) {
        return snapshot instanceof Generation generation ? EMPTY.after(generation) : (AssociationState) snapshot;
    }
}
