package org.pairspan.kms.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.apache.pekko.cluster.typed.JoinSeedNodes;
import org.apache.pekko.cluster.typed.SelfUp;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Brings this server into the cluster: joins through the seeds or, being one of them, founds a new cluster. It founds one only after it has
 * watched the {@link ClusterRow} stand still for {@link #PATIENCE}, so that no cluster is at work on the journal, reachable from here or
 * not; and of several that try, the row lets one. No clock of another machine is asked.
 */
final class Founding extends AbstractBehavior<Founding.Command> {

    /** How long the row must stand still. Longer than the word of the row holds, {@link Standing#JOURNAL_HOLDS}. */
    static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** What it is told; all of it on its own server. */
    sealed interface Command {
    }

    private enum Look implements Command {
        NOW
    }

    private record Seen(byte[] value, long fromNs, long toNs, Throwable failure) implements Command {
    }

    private record Won(Tenure tenure, boolean won, Throwable failure) implements Command {
    }

    private record Up(SelfUp event) implements Command {
    }

    private final Cluster cluster;
    private final ClusterRow row;
    private final ActorRef<StandingKeeper.Command> keeper;
    private final TimerScheduler<Command> timers;
    private final Executor blocking;
    private byte[] lastSeen;
    private long lastChangeNs;
    private boolean seenOnce;

    private Founding(ActorContext<Command> context, TimerScheduler<Command> timers, List<Address> seeds, ClusterRow row,
            ActorRef<StandingKeeper.Command> keeper) {
        super(context);
        context.setLoggerName(Founding.class);
        this.row = row;
        this.keeper = keeper;
        this.timers = timers;
        cluster = Cluster.get(context.getSystem());
        blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        cluster.subscriptions().tell(Subscribe.create(context.messageAdapter(SelfUp.class, Up::new), SelfUp.class));
        Address own = cluster.selfMember().address();
        List<Address> others = seeds.stream().filter(seed -> !seed.equals(own)).toList();
        if (!others.isEmpty()) {
            cluster.manager().tell(new JoinSeedNodes(others));
        }
        if (others.size() < seeds.size()) {
            look();
        }
    }

    static Behavior<Command> create(List<Address> seeds, ClusterRow row, ActorRef<StandingKeeper.Command> keeper) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Founding(context, timers, seeds, row, keeper)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Look.class, now -> look())
                .onMessage(Seen.class, this::onSeen)
                .onMessage(Won.class, this::onWon)
                .onMessage(Up.class, up -> Behaviors.stopped())
                .build();
    }

    private Behavior<Command> look() {
        getContext().pipeToSelf(CompletableFuture.supplyAsync(() -> read(row), blocking),
                (seen, failure) -> failure == null ? seen : new Seen(null, 0, 0, failure));
        return this;
    }

    private static Seen read(ClusterRow row) {
        try {
            long from = System.nanoTime();
            byte[] value = row.read();
            return new Seen(value, from, System.nanoTime(), null);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private Behavior<Command> onSeen(Seen seen) {
        if (seen.failure() != null) {
            getContext().getLog().warn("the journal does not answer: {}", seen.failure().getMessage());
            lookAgain();
            return this;
        }
        if (!seenOnce || !Arrays.equals(lastSeen, seen.value())) {
            seenOnce = true;
            lastSeen = seen.value();
            lastChangeNs = seen.toNs();
        }
        if (lastSeen == null || Tenure.parse(lastSeen).isReleased() || seen.fromNs() - lastChangeNs >= PATIENCE.toNanos()) {
            found();
        } else {
            lookAgain();
        }
        return this;
    }

    private void found() {
        Tenure tenure = Tenure.found();
        byte[] expected = lastSeen;
        getContext().pipeToSelf(CompletableFuture.supplyAsync(() -> replace(row, expected, tenure), blocking),
                (won, failure) -> new Won(tenure, failure == null && won, failure));
    }

    private static boolean replace(ClusterRow row, byte[] expected, Tenure tenure) {
        try {
            return row.replace(expected, tenure.bytes());
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private Behavior<Command> onWon(Won won) {
        if (won.failure() != null) {
            getContext().getLog().warn("the journal does not answer: {}", won.failure().getMessage());
        }
        if (won.won()) {
            getContext().getLog().info("no cluster is at work on the journal: this server founds one");
            keeper.tell(new StandingKeeper.Founded(won.tenure().cluster()));
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
        } else {
            lookAgain();
        }
        return this;
    }

    private void lookAgain() {
        timers.startSingleTimer(Look.NOW, LOOK_EVERY);
    }
}
