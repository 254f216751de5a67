package org.pairspan.kms.cluster;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.ClusterEvent.ReachabilityEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Tells a dead server from a slow or cut-off one. A server that heartbeats miss is connected to: where its machine refuses the connection,
 * nobody listens there, so the process has ended and is taken out of the cluster at once. A stalled process still has its port, and a
 * machine that cannot be reached does not refuse: for both the split brain resolver waits its time. Acts only where this side still sees
 * the majority, and only after {@link #PROOFS} refusals in a row.
 */
final class DeadServerProbe extends AbstractBehavior<DeadServerProbe.Command> {

    private static final Duration EVERY = Duration.ofMillis(200);
    private static final int TIMEOUT_MS = 1_000;
    private static final int PROOFS = 2;

    /** What a probe is told; all of it on its own server. */
    sealed interface Command {
    }

    private record Reachability(ReachabilityEvent event) implements Command {
    }

    private record Membership(MemberEvent event) implements Command {
    }

    private record Probe(UniqueAddress server) implements Command {
    }

    private record Probed(UniqueAddress server, boolean refused) implements Command {
    }

    private final Cluster cluster;
    private final TimerScheduler<Command> timers;
    private final Executor blocking;
    /** The servers that are missed, with how many times in a row each was refused. */
    private final Map<UniqueAddress, Integer> missed = new HashMap<>();

    private DeadServerProbe(ActorContext<Command> context, TimerScheduler<Command> timers) {
        super(context);
        this.timers = timers;
        cluster = Cluster.get(context.getSystem());
        blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        context.setLoggerName(DeadServerProbe.class);
        cluster.subscriptions().tell(Subscribe.create(context.messageAdapter(ReachabilityEvent.class, Reachability::new),
                ReachabilityEvent.class));
        cluster.subscriptions().tell(Subscribe.create(context.messageAdapter(MemberEvent.class, Membership::new), MemberEvent.class));
    }

    static Behavior<Command> create() {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new DeadServerProbe(context, timers)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Reachability.class, this::onReachability)
                .onMessage(Membership.class, this::onMembership)
                .onMessage(Probe.class, this::onProbe)
                .onMessage(Probed.class, this::onProbed)
                .build();
    }

    private Behavior<Command> onReachability(Reachability reachability) {
        UniqueAddress server = reachability.event().member().uniqueAddress();
        if (reachability.event() instanceof ClusterEvent.UnreachableMember) {
            missed.put(server, 0);
            getContext().getSelf().tell(new Probe(server));
        } else {
            missed.remove(server);
        }
        return this;
    }

    private Behavior<Command> onMembership(Membership membership) {
        MemberStatus status = membership.event().member().status();
        if (status == MemberStatus.down() || status == MemberStatus.removed()) {
            missed.remove(membership.event().member().uniqueAddress());
        }
        return this;
    }

    private Behavior<Command> onProbe(Probe probe) {
        if (missed.containsKey(probe.server())) {
            Address address = probe.server().address();
            InetSocketAddress target = new InetSocketAddress(address.getHost().orElseThrow(), address.getPort().orElseThrow());
            getContext().pipeToSelf(CompletableFuture.supplyAsync(() -> refuses(target), blocking),
                    (refused, failure) -> new Probed(probe.server(), failure == null && refused));
        }
        return this;
    }

    private Behavior<Command> onProbed(Probed probed) {
        int count = probed.refused() ? missed.getOrDefault(probed.server(), 0) + 1 : 0;
        if (missed.replace(probed.server(), count) == null) {
            return this;
        }
        if (count >= PROOFS && seesMajority()) {
            getContext().getLog().warn("key server {} has ended: nobody listens there; taking it out of the cluster",
                    probed.server().address());
            missed.remove(probed.server());
            cluster.manager().tell(new Down(probed.server().address()));
        } else {
            timers.startSingleTimer(probed.server(), new Probe(probed.server()), EVERY);
        }
        return this;
    }

    private boolean seesMajority() {
        CurrentClusterState state = cluster.state();
        long unreachable = state.getUnreachable().stream().filter(DeadServerProbe::counts).count();
        long all = StreamSupport.stream(state.getMembers().spliterator(), false).filter(DeadServerProbe::counts).count();
        return 2 * (all - unreachable) > all;
    }

    private static boolean counts(Member member) {
        return member.status() == MemberStatus.up() || member.status() == MemberStatus.leaving();
    }

    private static boolean refuses(InetSocketAddress target) {
        try (Socket socket = new Socket()) {
            socket.connect(target, TIMEOUT_MS);
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
