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
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Tells a dead server from a slow or cut-off one. A server that has fallen silent ({@link StandingKeeper}) is connected to: where its machine refuses the connection,
 * nobody listens there, so the process has ended and is taken out of the cluster at once. A stalled process still has its port, and a
 * machine that cannot be reached does not refuse: for both the split brain resolver waits its time. Acts only where this side still sees
 * the majority, and only after {@link #PROOFS} refusals in a row. By then the word that others gave that server has lost its force
 * ({@link Standing#MAJORITY_HOLDS}): were it a firewall that refuses, the server would not answer from memory any more.
 */
final class DeadServerProbe extends AbstractBehavior<DeadServerProbe.Command> {

    private static final Duration EVERY = Duration.ofMillis(200);
    private static final int TIMEOUT_MS = 1_000;
    private static final int PROOFS = 2;

    /** What a probe is told; all of it on its own server. */
    sealed interface Command {
    }

    /** Nothing has been heard of this server for {@link Standing#MAJORITY_HOLDS}. */
    record Silent(UniqueAddress server) implements Command {
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
    /** The servers that are silent, with how many times in a row each was refused. */
    private final Map<UniqueAddress, Integer> missed = new HashMap<>();

    private DeadServerProbe(ActorContext<Command> context, TimerScheduler<Command> timers) {
        super(context);
        this.timers = timers;
        cluster = Cluster.get(context.getSystem());
        blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        context.setLoggerName(DeadServerProbe.class);
        cluster.subscriptions().tell(Subscribe.create(context.messageAdapter(MemberEvent.class, Membership::new), MemberEvent.class));
    }

    static Behavior<Command> create() {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new DeadServerProbe(context, timers)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Silent.class, this::onSilent)
                .onMessage(Membership.class, this::onMembership)
                .onMessage(Probe.class, this::onProbe)
                .onMessage(Probed.class, this::onProbed)
                .build();
    }

    private Behavior<Command> onSilent(Silent silent) {
        if (missed.putIfAbsent(silent.server(), 0) == null) {
            getContext().getSelf().tell(new Probe(silent.server()));
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
        if (count == 0) {
            // Its port is open. Should it stay silent, it is reported again.
            missed.remove(probed.server());
        } else if (missed.replace(probed.server(), count) != null) {
            proveAgain(probed.server(), count);
        }
        return this;
    }

    private void proveAgain(UniqueAddress server, int count) {
        if (count >= PROOFS && Majority.of(cluster.state()).withoutHolds(missed.keySet())) {
            getContext().getLog().warn("key server {} has ended: nobody listens there; taking it out of the cluster", server.address());
            missed.remove(server);
            cluster.manager().tell(new Down(server.address()));
        } else {
            timers.startSingleTimer(server, new Probe(server), EVERY);
        }
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
