package org.pairspan.kms.association;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.pairspan.kms.association.AssociationState.Update;
import org.pairspan.kms.association.UpdateSteps.NotAllowedException;
import org.pairspan.kms.association.UpdateSteps.NotReadyException;
import org.pairspan.kms.association.UpdateSteps.Outcome;
import org.pairspan.kms.association.UpdateSteps.Step;
import org.pairspan.kms.pairkey.PairId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of the steps of one pair's update:
 *
 * <pre>
 * idle → begin → [Prepared] → PREPARE to both ─ both acknowledged → [Activated] → ACTIVATE to both, until both acknowledge
 *                                 └ otherwise → [RolledBack] → ROLL_BACK to both       → grace → RETIRE to both, until both acknowledge
 *                                                                                      → past key retired → [Retired] → idle
 * </pre>
 *
 * What stands in brackets is stored before what follows it is done. All that is kept here may be lost: a step that is stored and may not
 * have been taken everywhere is taken again. Used by the entity's thread.
 */
final class UpdateLead {

    private static final Logger LOG = LoggerFactory.getLogger(UpdateLead.class);
    /** How often the pause before a step is taken again doubles. */
    private static final int MOST_DOUBLINGS = 5;

    private final PairId pair;
    private final Association.Parts parts;
    private final ActorContext<Association.Command> context;
    private final TimerScheduler<Association.Command> timers;
    private final Set<String> acknowledged = new HashSet<>();
    private final Set<String> away = new HashSet<>();
    private ActorRef<UpdateCommand.Reply> observer;
    /** Towards both members, after Activated: ACTIVATE or RETIRE. */
    private Step step = Step.ACTIVATE;
    /** Something is under way that will report back. */
    private boolean busy;
    /** How often the step was taken in vain, by as many doublings. */
    private int doublings;

    UpdateLead(PairId pair, Association.Parts parts, ActorContext<Association.Command> context,
            TimerScheduler<Association.Command> timers) {
        this.pair = pair;
        this.parts = parts;
        this.context = context;
        this.timers = timers;
    }

    /** After recovery. */
    void resume(AssociationState state) {
        if (state.update() != null) {
            goOnLater();
        }
    }

    /** What is to be stored; what needs no storing is done. */
    List<AssociationEvent> decide(AssociationState state, UpdateCommand command) {
        return switch (command) {
            case UpdateCommand.Start start -> onStart(state, start);
            case UpdateCommand.Begun begun -> onBegun(state, begun);
            case UpdateCommand.Stepped stepped -> onStepped(state, stepped);
            case UpdateCommand.KeyRetired retired -> onKeyRetired(state, retired);
            case UpdateCommand.Back back -> onBack(state, back);
            case UpdateCommand.Tick tick -> onTick(state, tick);
        };
    }

    /** What follows from what was stored. */
    void proceed(AssociationState before, AssociationState after) {
        Update update = after.update();
        if (update == null && before.isPreparing()) {
            givenUp(before.update(), "not both members acknowledged it");
        } else if (update == null) {
            LOG.info("key of {} updated: version {} is in use", pair, after.newest().keyVersion());
            tell(new UpdateCommand.Updated(pair, after.newest().keyVersion()));
        } else {
            begin(Step.ACTIVATE);
            goOn(update);
        }
    }

    /** A prepared version that is stored as given up: members and key follow, as far as they can be reached. */
    void givenUp(Update update, String why) {
        LOG.info("update of the key of {} rolled back: {}", pair, why);
        for (String member : List.of(pair.low(), pair.high())) {
            parts.steps().towards(member, Step.ROLL_BACK, update.next());
        }
        parts.steps().retireKey(pair, update.next().keyVersion()).exceptionally(failure -> {
            LOG.warn("version {} of the key of {}, given up, is not retired yet: {}", update.next().keyVersion(), pair, failure.toString());
            return null;
        });
        timers.cancelAll();
        busy = false;
        tell(new UpdateCommand.NotNow(pair, why));
    }

    private List<AssociationEvent> onStart(AssociationState state, UpdateCommand.Start start) {
        if (!pair.equals(start.pair())) {
            return List.of();
        }
        observer = start.replyTo();
        if (state.update() != null) {
            tell(new UpdateCommand.UnderWay(pair, state.isPreparing() ? "prepared" : step == Step.ACTIVATE ? "activated" : "retiring"));
            if (!busy && !timers.isTimerActive(UpdateCommand.Tick.GRACE_OVER) && !timers.isTimerActive(UpdateCommand.Tick.GO_ON)) {
                goOn(state.update());
            }
        } else if (busy) {
            tell(new UpdateCommand.UnderWay(pair, "beginning"));
        } else if (state.newest() == null) {
            tell(new UpdateCommand.NotNeeded(pair, 0));
        } else if (state.versionSince() >= start.olderThanMs()) {
            tell(new UpdateCommand.NotNeeded(pair, state.newest().keyVersion()));
        } else {
            busy = true;
            context.pipeToSelf(parts.steps().begin(pair), UpdateCommand.Begun::new);
        }
        return List.of();
    }

    private List<AssociationEvent> onBegun(AssociationState state, UpdateCommand.Begun begun) {
        busy = false;
        if (begun.failure() != null) {
            tell(whyNot(begun.failure() instanceof CompletionException wrapped ? wrapped.getCause() : begun.failure()));
            return List.of();
        }
        if (state.update() != null) {
            return List.of();
        }
        return List.of(new AssociationEvent.Prepared(state.newest().successor(begun.ready().version(), state.last(),
                begun.ready().lowIncarnation(), begun.ready().highIncarnation(), parts.clock().instant())));
    }

    private UpdateCommand.Reply whyNot(Throwable cause) {
        return switch (cause) {
            case NotReadyException notNow -> new UpdateCommand.NotNow(pair, notNow.getMessage());
            case NotAllowedException never -> {
                LOG.info("the key of {} is not updated: {}", pair, never.getMessage());
                yield new UpdateCommand.NotAllowed(pair, never.getMessage());
            }
            default -> {
                LOG.warn("the update of the key of {} cannot begin", pair, cause);
                yield new UpdateCommand.NotNow(pair, "no new key could be made and stored");
            }
        };
    }

    private List<AssociationEvent> onStepped(AssociationState state, UpdateCommand.Stepped stepped) {
        Update update = state.update();
        if (update == null || update.next().keyVersion() != stepped.version()) {
            return List.of();
        }
        busy = false;
        note(pair.low(), stepped.low());
        note(pair.high(), stepped.high());
        if (!update.activated()) {
            boolean both = stepped.low() == Outcome.DONE && stepped.high() == Outcome.DONE && stepped.failure() == null;
            LOG.debug("{} of {}: {} {}, {} {}", stepped.step(), pair, pair.low(), stepped.low(), pair.high(), stepped.high());
            return List.of(both ? new AssociationEvent.Activated(stepped.version(), parts.clock().millis())
                    : new AssociationEvent.RolledBack(stepped.version()));
        }
        if (stepped.failure() != null || acknowledged.size() < 2) {
            goOnLater();
        } else if (step == Step.ACTIVATE) {
            timers.startSingleTimer(UpdateCommand.Tick.GRACE_OVER, parts.timing().grace());
        } else {
            retireKey(update);
        }
        return List.of();
    }

    /** A process that is gone has nothing left to activate or to close, nor has a pair of which one is revoked. */
    private void note(String member, Outcome outcome) {
        if (outcome == Outcome.DONE || outcome == Outcome.OTHER_PROCESS || outcome == Outcome.REVOKED) {
            acknowledged.add(member);
        }
        if (outcome == Outcome.AWAY) {
            away.add(member);
        } else {
            away.remove(member);
        }
    }

    private void begin(Step next) {
        step = next;
        acknowledged.clear();
        doublings = 0;
    }

    /** A member that is away may stay away for long; one that comes back does not wait for the end of the pause. */
    private void goOnLater() {
        Duration pause = parts.timing().again().multipliedBy(1L << doublings);
        timers.startSingleTimer(UpdateCommand.Tick.GO_ON, pause);
        doublings = Math.min(doublings + 1, MOST_DOUBLINGS);
        for (String member : away) {
            context.pipeToSelf(parts.steps().connectsWithin(member, pause),
                    (connected, failure) -> new UpdateCommand.Back(member, failure == null && connected));
        }
    }

    private List<AssociationEvent> onBack(AssociationState state, UpdateCommand.Back back) {
        if (back.connected() && state.update() != null && !busy && timers.isTimerActive(UpdateCommand.Tick.GO_ON)) {
            LOG.debug("the update of the key of {} goes on: {} is connected again", pair, back.member());
            timers.cancel(UpdateCommand.Tick.GO_ON);
            goOn(state.update());
        }
        return List.of();
    }

    private List<AssociationEvent> onKeyRetired(AssociationState state, UpdateCommand.KeyRetired retired) {
        busy = false;
        Update update = state.update();
        if (update == null || update.past() != retired.version()) {
            return List.of();
        }
        if (retired.failure() != null) {
            LOG.warn("version {} of the key of {} is not retired yet: {}", retired.version(), pair, retired.failure().toString());
            goOnLater();
            return List.of();
        }
        return List.of(new AssociationEvent.Retired(retired.version()));
    }

    private List<AssociationEvent> onTick(AssociationState state, UpdateCommand.Tick tick) {
        if (state.update() != null && !busy) {
            if (tick == UpdateCommand.Tick.GRACE_OVER) {
                begin(Step.RETIRE);
            }
            goOn(state.update());
        }
        return List.of();
    }

    /** Takes the step that is due towards whoever has not acknowledged it. */
    private void goOn(Update update) {
        Step due = update.activated() ? step : Step.PREPARE;
        List<String> missing = new ArrayList<>(List.of(pair.low(), pair.high()));
        if (due == Step.PREPARE) {
            acknowledged.clear();
        }
        missing.removeAll(acknowledged);
        busy = true;
        CompletionStage<Void> key = due == Step.ACTIVATE ? parts.steps().activateKey(pair, update.next().keyVersion())
                : CompletableFuture.completedStage(null);
        CompletionStage<UpdateCommand.Stepped> stepped = key.thenCompose(done -> take(missing, pair.low(), due, update.next())
                .thenCombine(take(missing, pair.high(), due, update.next()),
                        (low, high) -> new UpdateCommand.Stepped(due, update.next().keyVersion(), low, high, null)));
        context.pipeToSelf(stepped, (result, failure) -> failure == null ? result
                : new UpdateCommand.Stepped(due, update.next().keyVersion(), Outcome.REFUSED, Outcome.REFUSED, failure));
    }

    private CompletionStage<Outcome> take(List<String> missing, String member, Step due, Generation next) {
        return missing.contains(member) ? parts.steps().towards(member, due, next) : CompletableFuture.completedStage(Outcome.DONE);
    }

    private void retireKey(Update update) {
        busy = true;
        context.pipeToSelf(parts.steps().retireKey(pair, update.past()),
                (done, failure) -> new UpdateCommand.KeyRetired(update.past(), failure));
    }

    private void tell(UpdateCommand.Reply reply) {
        if (observer != null) {
            observer.tell(reply);
        }
    }
}
