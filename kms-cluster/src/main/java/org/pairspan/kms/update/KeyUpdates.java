package org.pairspan.kms.update;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
    private static final int MOST_OPEN = 100_000;
    private static final int SNAPSHOT_EVERY = 500;

    private final ActorContext<Command> context;
    private final Parts parts;
    private final OpenPairs pairs;
    private final ActorRef<UpdateCommand.Reply> replies;
    private final UpdateReport report = new UpdateReport();
    private final JobSearch jobSearch;
    private final AgeSearch ageSearch;
    private final RevokedSearch revokedSearch;

    /** What the list is told and asked. */
    public interface Command {
    }

    /** One of its pairs has said something. */
    record Answered(UpdateCommand.Reply reply) implements Command {
    }

    /** The keys of a pair are destroyed, or could not be. */
    record Destroyed(String pair, VersionCommand.Done done, Throwable failure) implements Command {
    }

    /** Time to see what is due. */
    record Turn() implements Command {
    }

    /**
     * What the list works with on its server.
     *
     * @param revoked ids of the members that are revoked, as this server knows them; grows on other threads
     */
    public record Parts(KeyUpdateLimits limits, KeyAges ages, PairCensus census, PairOrders orders, Set<String> revoked, InstantSource clock) {
    }

    private KeyUpdates(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
        super(PersistenceId.ofUniqueId(NAME), SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
        this.context = context;
        this.parts = parts;
        pairs = new OpenPairs(parts.limits().perSecond(), parts.limits().atOnce(), parts.clock().millis());
        replies = context.messageAdapter(UpdateCommand.Reply.class, Answered::new);
        jobSearch = new JobSearch(parts.census(), MOST_OPEN);
        ageSearch = new AgeSearch(parts.limits(), parts.ages(), parts.census(), parts.clock().millis());
        revokedSearch = new RevokedSearch(parts.revoked(), parts.census(), parts.limits().lookEvery().toMillis());
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
                .onCommand(JobSearch.Found.class, this::onFound)
                .onCommand(AgeSearch.Found.class, (plan, found) -> open(plan, ageSearch.take(found, parts.clock().millis()), found.olderThanMs()))
                .onCommand(RevokedSearch.Found.class, this::onRevokedFound)
                .onCommand(Turn.class, (plan, turn) -> onTurn(plan))
                .build();
    }

    private Effect<KeyUpdateEvent, UpdatePlan> onBegin(UpdatePlan plan, UpdateJobs.Begin begin) {
        UpdateJob same = begin.kind() == UpdateJob.DESTROY ? plan.destructionOf(begin.scope()) : null;
        if (same != null) {
            return Effect().none().thenRun(() -> begin.replyTo().tell(new UpdateJobs.Begun(same.id())));
        }
        UpdateJob job = UpdateJob.begun(plan.nextJob(), begin.kind(), begin.scope(), parts.clock().millis());
        List<KeyUpdateEvent> events = new ArrayList<>(List.of(new KeyUpdateEvent.JobStarted(job)));
        if (begin.kind() == UpdateJob.PAIR) {
            // A pair whose keys are to be destroyed stays with the job that does so.
            List<String> scope = plan.isToBeDestroyed(begin.scope()) ? List.of() : List.of(begin.scope());
            events.add(new KeyUpdateEvent.PairsOpened(job.id(), scope, "", true));
        }
        return Effect().persist(events).thenRun(() -> {
            pairs.opened(List.copyOf(plan.openOf(job.id())));
            LOG.info("key update {} begins: {}", job.id(), job.text());
            begin.replyTo().tell(new UpdateJobs.Begun(job.id()));
        });
    }

    private Effect<KeyUpdateEvent, UpdatePlan> onCancel(UpdatePlan plan, UpdateJobs.Cancel cancel) {
        UpdateJob job = plan.jobs().get(cancel.job());
        if (job == null || job.kind() == UpdateJob.DESTROY || job.kind() == UpdateJob.FINISH) {
            return Effect().none().thenRun(() -> cancel.replyTo().tell(new UpdateJobs.Begun(0)));
        }
        return end(plan, job, "cancelled").thenRun(() -> cancel.replyTo().tell(new UpdateJobs.Begun(job.id())));
    }

    /** What may be past the point of no return stays on the list, under a job of its own, until it has ended at both members. */
    private EffectBuilder<KeyUpdateEvent, UpdatePlan> end(UpdatePlan plan, UpdateJob job, String how) {
        Map<Boolean, List<String>> left = plan.openOf(job.id()).stream().collect(Collectors.partitioningBy(pairs::mayHaveBegun));
        List<KeyUpdateEvent> events = new ArrayList<>();
        if (!left.get(true).isEmpty()) {
            UpdateJob rest = UpdateJob.begun(plan.nextJob(), UpdateJob.FINISH, Long.toString(job.id()), 0);
            events.add(new KeyUpdateEvent.JobStarted(rest));
            events.add(new KeyUpdateEvent.PairsOpened(rest.id(), left.get(true), "", true));
        }
        events.add(new KeyUpdateEvent.JobEnded(job.id()));
        return Effect().persist(events).thenRun(() -> {
            left.get(false).forEach(pairs::forget);
            LOG.info("key update {} {}: {}, {} of {} pairs done", job.id(), how, job.text(), job.done(), job.opened());
            report.ended(job, how);
        });
    }

    private Effect<KeyUpdateEvent, UpdatePlan> open(UpdatePlan plan, List<String> found, long olderThanMs) {
        List<String> more = plan.notOpen(found);
        if (more.isEmpty() || plan.open().size() >= MOST_OPEN) {
            return Effect().none();
        }
        UpdateJob job = UpdateJob.begun(plan.nextJob(), UpdateJob.AGED, "", olderThanMs);
        return Effect().persist(List.of(new KeyUpdateEvent.JobStarted(job), new KeyUpdateEvent.PairsOpened(job.id(), more, "", true)))
                .thenRun(() -> pairs.opened(more));
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
            case UpdateCommand.NotNow notNow when plan.isToBeFinished(pair) -> close(plan, pair);
            case UpdateCommand.NotNow(var same, String why) -> {
                pairs.later(pair, why, now);
                yield Effect().none();
            }
            case UpdateCommand.Updated done when plan.open().containsKey(pair) && !pairs.isDoneFor(pair, plan.open().get(pair)) -> Effect().none();
            case UpdateCommand.Updated done -> close(plan, pair);
            case UpdateCommand.NotNeeded done -> close(plan, pair);
            case UpdateCommand.NotAllowed(var same, String why) -> {
                if (plan.open().containsKey(pair)) {
                    report.notAllowed(plan.open().get(pair), pair, why);
                }
                yield close(plan, pair);
            }
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

    private Effect<KeyUpdateEvent, UpdatePlan> onFound(UpdatePlan plan, JobSearch.Found found) {
        UpdateJob job = plan.jobs().get(found.job());
        if (!jobSearch.isAnswered(found, parts.clock().millis()) || job == null) {
            return Effect().none();
        }
        List<String> more = job.kind() == UpdateJob.DESTROY ? found.pairs() : plan.olderThan(job, found.pairs());
        String cursor = found.pairs().isEmpty() ? job.cursor() : found.pairs().getLast();
        return Effect().persist(new KeyUpdateEvent.PairsOpened(job.id(), more, cursor, found.pairs().size() < JobSearch.PAGE))
                .thenRun(() -> pairs.opened(more));
    }

    private Effect<KeyUpdateEvent, UpdatePlan> onRevokedFound(UpdatePlan plan, RevokedSearch.Found found) {
        List<KeyUpdateEvent> events = new ArrayList<>();
        for (String member : revokedSearch.take(found, parts.clock().millis())) {
            if (plan.destructionOf(member) == null) {
                long id = plan.nextJob() + events.size();
                LOG.warn("{} is revoked and still has keys: key update {} destroys them", member, id);
                events.add(new KeyUpdateEvent.JobStarted(UpdateJob.begun(id, UpdateJob.DESTROY, member, parts.clock().millis())));
            }
        }
        return events.isEmpty() ? Effect().none() : Effect().persist(events);
    }

    private Effect<KeyUpdateEvent, UpdatePlan> onTurn(UpdatePlan plan) {
        long now = parts.clock().millis();
        pairs.advance(now);
        for (Map.Entry<String, Long> entry : plan.open().entrySet()) {
            UpdateJob job = plan.jobs().get(entry.getValue());
            boolean destroy = job.kind() == UpdateJob.DESTROY;
            if (pairs.takeDue(entry.getKey(), job.id(), destroy, now)) {
                if (destroy) {
                    context.pipeToSelf(parts.orders().destroy(entry.getKey()), (done, failure) -> new Destroyed(entry.getKey(), done, failure));
                } else {
                    parts.orders().update(entry.getKey(), job.startedAtMs(), replies);
                }
            }
        }
        if (plan.open().size() + AgeSearch.PAGE <= MOST_OPEN) {
            ageSearch.search(now, context);
        }
        revokedSearch.search(now, context);
        for (UpdateJob job : plan.jobs().values()) {
            if (job.isOver()) {
                return end(plan, job, "done");
            }
            jobSearch.search(plan, job, pairs, now, context);
        }
        return Effect().none();
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
