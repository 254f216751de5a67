package org.pairspan.kms.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.RootActorPath;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Leave;

/**
 * Keeps the {@link Standing} of this server: asks the others several times a second whether they count it in, and says once a second in the
 * {@link ClusterRow} that its cluster is at work. Reports servers that fall silent. A server whose journal stays away while others have
 * it leaves the cluster, so that they take its pairs; one that finds another cluster in the row ends.
 */
final class StandingKeeper extends AbstractBehavior<StandingKeeper.Command> {

    /** Its name under the guardian: servers address each other's by it. */
    static final String NAME = "standing";

    private static final Duration BEAT_EVERY = Duration.ofMillis(250);
    private static final Duration ROW_EVERY = Duration.ofSeconds(1);
    /** Without its journal for so long, while others have it, a server leaves. */
    private static final Duration LEAVES_AFTER = Duration.ofSeconds(9);
    /** Shorter than the shutdown waits for it. */
    private static final Duration RELEASE_PATIENCE = Duration.ofSeconds(4);
    private static final Duration ECHO_IS_NEWS = Duration.ofSeconds(2);

    /** What a keeper is told. */
    interface Command {
    }

    /** This server has founded a cluster of this id. */
    record Founded(UUID cluster) implements Command {
    }

    /** The system ends: nothing of this server is said in the row any more. */
    record Release(ActorRef<Done> replyTo) implements Command {
    }

    private record Released(ActorRef<Done> replyTo, Throwable failure) implements Command {
    }

    private enum Tick implements Command {
        BEAT, ROW
    }

    private record RowSaid(long askedNs, UUID cluster, Throwable failure) implements Command {
    }

    private record News(long heardNs, boolean journal) {
    }

    private final TimerScheduler<Command> timers;
    private final List<Address> seeds;
    private final Cluster cluster;
    private final Standing standing;
    private final ClusterRow row;
    private final ActorRef<DeadServerProbe.Command> probe;
    private final Executor blocking;
    private final String own;
    private final Map<UniqueAddress, Long> agreed = new HashMap<>();
    private final Map<UniqueAddress, News> heard = new HashMap<>();
    private UUID id;
    private boolean rowIsAsked;
    /** When this server last counted, it was the only one; on its way out it does not. */
    private boolean wasOnly;
    private ActorRef<Done> releasing;
    private long lastJournalNs;
    private boolean ending;

    private StandingKeeper(ActorContext<Command> context, TimerScheduler<Command> timers, List<Address> seeds, ClusterRow row,
            ActorRef<DeadServerProbe.Command> probe) {
        super(context);
        this.timers = timers;
        this.seeds = seeds;
        context.setLoggerName(StandingKeeper.class);
        this.row = row;
        this.probe = probe;
        cluster = Cluster.get(context.getSystem());
        standing = Standing.of(context.getSystem());
        blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        own = cluster.selfMember().address().toString();
        standing.onlySeed(seeds.equals(List.of(cluster.selfMember().address())));
        CoordinatedShutdown.get(context.getSystem()).addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "cluster-row", () ->
                AskPattern.ask(context.getSelf(), Release::new, RELEASE_PATIENCE, context.getSystem().scheduler()));
        timers.startTimerWithFixedDelay(Tick.BEAT, BEAT_EVERY);
        timers.startTimerWithFixedDelay(Tick.ROW, Duration.ZERO, ROW_EVERY);
    }

    static Behavior<Command> create(List<Address> seeds, ClusterRow row, ActorRef<DeadServerProbe.Command> probe) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new StandingKeeper(context, timers, seeds, row, probe)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Tick.class, this::onTick)
                .onMessage(Beat.class, this::onBeat)
                .onMessage(Beat.Echo.class, this::onEcho)
                .onMessage(Founded.class, this::onFounded)
                .onMessage(RowSaid.class, this::onRowSaid)
                .onMessage(Release.class, this::onRelease)
                .onMessage(Released.class, this::onReleased)
                .build();
    }

    private Behavior<Command> onTick(Tick tick) {
        switch (tick) {
            case BEAT -> beat();
            case ROW -> askRow();
        }
        return this;
    }

    private void beat() {
        long now = System.nanoTime();
        UniqueAddress self = cluster.selfMember().uniqueAddress();
        CurrentClusterState state = cluster.state();
        Set<UniqueAddress> others = new HashSet<>();
        for (Member member : state.getMembers()) {
            if (!member.uniqueAddress().equals(self) && member.status() != MemberStatus.down() && member.status() != MemberStatus.removed()) {
                others.add(member.uniqueAddress());
                Adapter.toClassic(getContext()).actorSelection(new RootActorPath(member.address(), "/").child("user").child(NAME))
                        .tell(new Beat(own, self.longUid(), now, getContext().getSelf().narrow()), org.apache.pekko.actor.ActorRef.noSender());
            }
        }
        heard.keySet().retainAll(others);
        agreed.keySet().retainAll(others);
        agreed.put(self, now);
        others.forEach(other -> heard.putIfAbsent(other, new News(now, false)));
        heard.forEach((other, news) -> {
            if (now - news.heardNs() >= Standing.MAJORITY_HOLDS.toNanos()) {
                probe.tell(new DeadServerProbe.Silent(other));
            }
        });
        Majority majority = Majority.of(state);
        seedsAgreed().ifPresent(standing::seedsAt);
        majority.lastAgreed(agreed).ifPresent(standing::majorityAt);
        standing.alone(majority.isOnly(self));
        if (majority.counts(self)) {
            wasOnly = majority.isOnly(self);
        }
        leaveWithoutJournal(now);
    }

    /** When the one of the seeds that agreed longest ago did so; empty where one never did. */
    private OptionalLong seedsAgreed() {
        long oldest = Long.MAX_VALUE;
        for (Address seed : seeds) {
            OptionalLong newest = agreed.entrySet().stream().filter(one -> one.getKey().address().equals(seed)).mapToLong(Map.Entry::getValue).max();
            if (newest.isEmpty()) {
                return newest;
            }
            oldest = Math.min(oldest, newest.getAsLong());
        }
        return OptionalLong.of(oldest);
    }

    private void leaveWithoutJournal(long now) {
        boolean othersHaveIt = heard.values().stream().anyMatch(news -> news.journal() && now - news.heardNs() < ECHO_IS_NEWS.toNanos());
        if (!ending && id != null && othersHaveIt && now - lastJournalNs > LEAVES_AFTER.toNanos()) {
            getContext().getLog().error("the journal has been out of reach for {} s, and others reach it: leaving the cluster, so that they take over",
                    LEAVES_AFTER.toSeconds());
            ending = true;
            cluster.manager().tell(Leave.create(cluster.selfMember().address()));
        }
    }

    private Behavior<Command> onBeat(Beat beat) {
        CurrentClusterState state = cluster.state();
        boolean countsIn = StreamSupport.stream(state.getMembers().spliterator(), false)
                .anyMatch(member -> is(member, beat.server(), beat.uid()) && member.status() != MemberStatus.down()
                        && member.status() != MemberStatus.removed() && !state.getUnreachable().contains(member));
        beat.replyTo().tell(new Beat.Echo(own, cluster.selfMember().uniqueAddress().longUid(), beat.sentNs(), countsIn,
                id == null ? "" : id.toString(), standing.journalHoldsAt(System.nanoTime())));
        return this;
    }

    private Behavior<Command> onEcho(Beat.Echo echo) {
        for (Member member : cluster.state().getMembers()) {
            if (is(member, echo.server(), echo.uid())) {
                onEcho(member.uniqueAddress(), echo);
            }
        }
        return this;
    }

    private void onEcho(UniqueAddress from, Beat.Echo echo) {
        heard.put(from, new News(System.nanoTime(), echo.journal()));
        if (id == null && echo.countsIn() && !echo.cluster().isEmpty()) {
            belongTo(UUID.fromString(echo.cluster()));
        }
        if (echo.countsIn()) {
            agreed.merge(from, echo.sentNs(), Math::max);
        }
    }

    private static boolean is(Member member, String server, long uid) {
        Address address = member.address();
        return address.toString().equals(server) && member.uniqueAddress().longUid() == uid;
    }

    private Behavior<Command> onFounded(Founded founded) {
        belongTo(founded.cluster());
        return this;
    }

    private void belongTo(UUID toCluster) {
        id = toCluster;
        lastJournalNs = System.nanoTime();
        askRow();
    }

    private void askRow() {
        if (id == null || rowIsAsked || releasing != null) {
            return;
        }
        rowIsAsked = true;
        UUID asked = id;
        long now = System.nanoTime();
        getContext().pipeToSelf(CompletableFuture.supplyAsync(() -> TenureWord.atWork(row, asked), blocking),
                (found, failure) -> new RowSaid(now, found, failure));
    }

    private Behavior<Command> onRelease(Release release) {
        releasing = release.replyTo();
        timers.cancelAll();
        standing.end();
        if (!rowIsAsked) {
            release();
        }
        return this;
    }

    /** The last server of a cluster leaves the row free, so that nobody waits for it in vain. */
    private void release() {
        ActorRef<Done> waiting = releasing;
        UUID cluster = id;
        if (cluster == null || !wasOnly) {
            waiting.tell(Done.getInstance());
            return;
        }
        getContext().pipeToSelf(CompletableFuture.runAsync(() -> TenureWord.leaveFree(row, cluster), blocking),
                (done, failure) -> new Released(waiting, failure));
    }

    private Behavior<Command> onReleased(Released released) {
        if (released.failure() != null) {
            getContext().getLog().info("the next server to start waits {} s: {}", Founding.PATIENCE.toSeconds(), released.failure().getMessage());
        }
        released.replyTo().tell(Done.getInstance());
        return this;
    }

    private Behavior<Command> onRowSaid(RowSaid said) {
        rowIsAsked = false;
        if (releasing != null) {
            release();
        } else if (said.failure() != null) {
            getContext().getLog().warn("the journal does not answer: {}", said.failure().getMessage());
        } else if (id.equals(said.cluster())) {
            lastJournalNs = said.askedNs();
            standing.journalAt(said.askedNs());
        } else if (!ending) {
            ending = true;
            getContext().getLog().error("another cluster of key servers works on this journal: this server has been replaced, and ends");
            getContext().getSystem().terminate();
        }
        return this;
    }
}
