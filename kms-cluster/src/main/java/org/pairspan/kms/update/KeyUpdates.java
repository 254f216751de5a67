package org.pairspan.kms.update;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.pairspan.kms.association.UpdateCommand;
import org.pairspan.kms.config.KeyUpdateLimits;
import org.pairspan.kms.pairkey.VersionCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of updates that are to be done, one for the whole cluster, kept in the journal: a pair is put on it before its update begins
 * and taken off it after that has ended, so an update whose server died is found again, and a job on every pair goes on where it was.
 */
public final class KeyUpdates extends EventSourcedBehavior<KeyUpdates.Command, KeyUpdateEvent, UpdatePlan> {

    private static final Logger LOG = LoggerFactory.getLogger(KeyUpdates.class);
    private static final String NAME = "key-updates";
    private static final Duration TURN = Duration.ofMillis(200);
    private static final int PAGE = 500;
    private static final int MOST_OPEN = 100_000;
    private static final int MOST_LOOKED_AT = 100_000;
    private static final int SNAPSHOT_EVERY = 500;

    private final ActorContext<Command> context;
    private final Parts parts;
    private final OpenPairs pairs;
    private final ActorRef<UpdateCommand.Reply> replies;
    private final UpdateReport report = new UpdateReport();
    private boolean searching;
    private long nextLookMs;

    /** What the list is told and asked. */
    public interface Command {
    }

    /** One of its pairs has said something. */
    record Answered(UpdateCommand.Reply reply) implements Command {
    }

    /** The keys of a pair are destroyed, or could not be. */
    record Destroyed(String pair, VersionCommand.Done done, Throwable failure) implements Command {
    }

    /** Pairs of a job were found. */
    record Found(long job, List<String> found, Throwable failure) implements Command {
    }

    /** Pairs with old keys were found. */
    record FoundAged(long olderThanMs, List<String> found, Throwable failure) implements Command {
    }

    private record Turn() implements Command {
    }

    /** What the list works with on its server. */
    public record Parts(KeyUpdateLimits limits, KeyAges ages, PairCensus census, PairOrders orders, InstantSource clock) {
    }

    private KeyUpdates(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
        super(PersistenceId.ofUniqueId(NAME), SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
        this.context = context;
        this.parts = parts;
        pairs = new OpenPairs(parts.limits().perSecond(), parts.limits().atOnce(), parts.clock().millis());
        replies = context.messageAdapter(UpdateCommand.Reply.class, Answered::new);
        nextLookMs = parts.clock().millis() + parts.limits().lookEvery().toMillis();
        timers.startTimerWithFixedDelay(new Turn(), TURN);
    }

    static Behavior<Command> create(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new KeyUpdates(context, timers, parts)));
    }

    /** Has one of these run in the cluster, on its oldest server. */
    public static ActorRef<Command> init(ActorSystem<?> system, Parts parts) {
        return ClusterSingleton.get(system).init(SingletonActor.of(create(parts), NAME));
    }

    @Override
    public UpdatePlan emptyState() {
        return new UpdatePlan();
    }

    @Override
    public CommandHandler<Command, KeyUpdateEvent, UpdatePlan> commandHandler() {
        return newCommandHandlerBuilder().forAnyState()
                .onCommand(UpdateJobs.Begin.class, this::onBegin)
                .onCommand(UpdateJobs.Cancel.class, this::onCancel)
                .onCommand(UpdateJobs.Worn.class, (plan, worn) -> open(plan, List.of(worn.pair()), parts.clock().millis()))
                .onCommand(UpdateJobs.Ask.class, (plan, ask) -> Effect().none().thenRun(() -> ask.replyTo().tell(report.of(plan, pairs))))
                .onCommand(Answered.class, this::onAnswered)
                .onCommand(Destroyed.class, this::onDestroyed)
                .onCommand(Found.class, this::onFound)
                .onCommand(FoundAged.class, this::onFoundAged)
                .onCommand(Turn.class, (plan, turn) -> onTurn(plan))
                .build();
    }

    private Effect<KeyUpdateEvent, UpdatePlan> onBegin(UpdatePlan plan, UpdateJobs.Begin begin) {
        UpdateJob job = new UpdateJob(plan.nextJob(), begin.kind(), begin.scope(), parts.clock().millis(), "", 0, 0, false);
        List<KeyUpdateEvent> events = new ArrayList<>(List.of(new KeyUpdateEvent.JobStarted(job)));
        if (begin.kind() == UpdateJob.PAIR) {
            // A pair whose keys are to be destroyed stays with the job that does so.
            List<String> scope = plan.isToBeDestroyed(begin.scope()) ? List.of() : List.of(begin.scope());
            events.add(new KeyUpdateEvent.PairsOpened(job.id(), scope, "", true));
        }
        return Effect().persist(events).thenRun(() -> {
            LOG.info("key update {} begins: {}", job.id(), job.text());
            begin.replyTo().tell(new UpdateJobs.Begun(job.id()));
        });
    }

    private Effect<KeyUpdateEvent, UpdatePlan> onCancel(UpdatePlan plan, UpdateJobs.Cancel cancel) {
        UpdateJob job = plan.jobs().get(cancel.job());
        if (job == null || job.kind() == UpdateJob.DESTROY) {
            return Effect().none().thenRun(() -> cancel.replyTo().tell(new UpdateJobs.Begun(0)));
        }
        return end(plan, job, "cancelled").thenRun(() -> cancel.replyTo().tell(new UpdateJobs.Begun(job.id())));
    }

    private EffectBuilder<KeyUpdateEvent, UpdatePlan> end(UpdatePlan plan, UpdateJob job,
            String how) {
        List<String> left = plan.openOf(job.id());
        return Effect().persist(new KeyUpdateEvent.JobEnded(job.id())).thenRun(() -> {
            left.forEach(pairs::forget);
            LOG.info("key update {} {}: {}, {} of {} pairs done", job.id(), how, job.text(), job.done(), job.opened());
            report.ended(job, how);
        });
    }

    private Effect<KeyUpdateEvent, UpdatePlan> open(UpdatePlan plan, List<String> found, long olderThanMs) {
        List<String> more = plan.notOpen(found);
        if (more.isEmpty() || plan.open().size() >= MOST_OPEN) {
            return Effect().none();
        }
        UpdateJob job = new UpdateJob(plan.nextJob(), UpdateJob.AGED, "", olderThanMs, "", 0, 0, false);
        return Effect().persist(List.of(new KeyUpdateEvent.JobStarted(job),
                new KeyUpdateEvent.PairsOpened(job.id(), more, "", true)));
    }

    private Effect<KeyUpdateEvent, UpdatePlan> onAnswered(UpdatePlan plan, Answered answered) {
        String pair = answered.reply().pair().entityId();
        if (plan.isToBeDestroyed(pair)) {
            // An update that was under way when a member was revoked; its end is not the end of the pair's keys.
            return Effect().none();
        }
        long now = parts.clock().millis();
        return switch (answered.reply()) {
            case UpdateCommand.UnderWay(var same, String phase) -> {
                pairs.underWay(pair, phase, now);
                yield Effect().none();
            }
            case UpdateCommand.NotNow(var same, String why) -> {
                pairs.later(pair, why, now);
                yield Effect().none();
            }
            case UpdateCommand.Updated done -> close(plan, pair);
            case UpdateCommand.NotNeeded done -> close(plan, pair);
        };
    }

    private Effect<KeyUpdateEvent, UpdatePlan> onDestroyed(UpdatePlan plan, Destroyed destroyed) {
        if (destroyed.failure() == null && destroyed.done().done()) {
            return close(plan, destroyed.pair());
        }
        pairs.later(destroyed.pair(), "its keys could not be destroyed yet", parts.clock().millis());
        return Effect().none();
    }

    private Effect<KeyUpdateEvent, UpdatePlan> close(UpdatePlan plan, String pair) {
        pairs.forget(pair);
        Long job = plan.open().get(pair);
        return job == null ? Effect().none() : Effect().persist(new KeyUpdateEvent.PairClosed(job, pair));
    }

    private Effect<KeyUpdateEvent, UpdatePlan> onFound(UpdatePlan plan, Found found) {
        searching = false;
        UpdateJob job = plan.jobs().get(found.job());
        if (found.failure() != null) {
            LOG.warn("the journal does not tell the pairs of key update {}: {}", found.job(), found.failure().toString());
        }
        if (job == null || found.failure() != null) {
            return Effect().none();
        }
        List<String> more = job.kind() == UpdateJob.DESTROY ? found.found() : plan.notOpen(found.found());
        String cursor = found.found().isEmpty() ? job.cursor() : found.found().getLast();
        return Effect().persist(new KeyUpdateEvent.PairsOpened(job.id(), more, cursor, found.found().size() < PAGE));
    }

    private Effect<KeyUpdateEvent, UpdatePlan> onFoundAged(UpdatePlan plan, FoundAged found) {
        if (found.failure() != null) {
            LOG.warn("the journal does not tell which keys have come of age: {}", found.failure().toString());
            return Effect().none();
        }
        return open(plan, found.found(), found.olderThanMs());
    }

    private Effect<KeyUpdateEvent, UpdatePlan> onTurn(UpdatePlan plan) {
        long now = parts.clock().millis();
        pairs.advance(now);
        for (Map.Entry<String, Long> entry : plan.open().entrySet()) {
            UpdateJob job = plan.jobs().get(entry.getValue());
            boolean destroy = job.kind() == UpdateJob.DESTROY;
            if (pairs.takeDue(entry.getKey(), destroy, now)) {
                if (destroy) {
                    context.pipeToSelf(parts.orders().destroy(entry.getKey()), (done, failure) -> new Destroyed(entry.getKey(), done, failure));
                } else {
                    parts.orders().update(entry.getKey(), job.startedAtMs(), replies);
                }
            }
        }
        look(now);
        for (UpdateJob job : plan.jobs().values()) {
            if (job.isOver()) {
                return end(plan, job, "done");
            }
            search(plan, job);
        }
        return Effect().none();
    }

    private void search(UpdatePlan plan, UpdateJob job) {
        boolean room = plan.open().size() < MOST_OPEN
                && plan.open().keySet().stream().filter(pair -> !pairs.isWaiting(pair)).limit(2L * PAGE).count() < PAGE;
        if (job.all() || searching || !room && job.kind() != UpdateJob.DESTROY) {
            return;
        }
        searching = true;
        context.pipeToSelf(parts.census().next(job.cursor(), job.kind() == UpdateJob.ALL ? null : job.scope(), PAGE),
                (found, failure) -> new Found(job.id(), found, failure));
    }

    private void look(long now) {
        if (now < nextLookMs) {
            return;
        }
        nextLookMs = now + parts.limits().lookEvery().toMillis();
        long olderThanMs = now - parts.limits().afterAge().toMillis();
        context.pipeToSelf(parts.census().unchangedSince(olderThanMs, MOST_OPEN / 10),
                (found, failure) -> new FoundAged(olderThanMs, found, failure));
        parts.ages().all().stream().filter(age -> age.compareTo(parts.limits().afterAge()) < 0).forEach(age -> lookFor(age, now));
    }

    /** Pairs of other limits may be among those that are as old, so more are looked at than are taken. */
    private void lookFor(Duration age, long now) {
        long olderThanMs = now - age.toMillis();
        context.pipeToSelf(parts.census().unchangedSince(olderThanMs, MOST_LOOKED_AT).thenApply(found -> found.stream()
                .filter(pair -> parts.ages().isLimitOf(pair, age)).limit(MOST_OPEN / 10).toList()),
                (found, failure) -> new FoundAged(olderThanMs, found, failure));
    }

    @Override
    public EventHandler<UpdatePlan, KeyUpdateEvent> eventHandler() {
        return newEventHandlerBuilder().forAnyState()
                .onEvent(KeyUpdateEvent.class, UpdatePlan::after)
                .build();
    }

    @Override
    public SnapshotAdapter<UpdatePlan> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(UpdatePlan plan) {
                return plan.snapshot();
            }

            @Override
            public UpdatePlan fromJournal(Object from) {
                return UpdatePlan.of((UpdatePlan.Snapshot) from);
            }
        };
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1);
    }
}
