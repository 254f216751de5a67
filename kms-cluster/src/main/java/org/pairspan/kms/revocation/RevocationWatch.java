package org.pairspan.kms.revocation;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.directory.RevocationCommand;

/**
 * Asks the directory, a few times a second, who was revoked since: so every server knows within a second, whichever messages are lost and
 * whichever servers die.
 */
public final class RevocationWatch extends AbstractBehavior<RevocationWatch.Command> {

    private static final Duration EVERY = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final IntFunction<CompletionStage<RevocationCommand.Revocations>> directory;
    private final TimerScheduler<Command> timers;
    private final RevokedMembers members;
    private int known;

    /** What the watch is told. */
    public sealed interface Command {
    }

    private record Look() implements Command {
    }

    private record Told(long askedNs, RevocationCommand.Revocations revocations, Throwable failure) implements Command {
    }

    private RevocationWatch(ActorContext<Command> context, TimerScheduler<Command> timers,
            IntFunction<CompletionStage<RevocationCommand.Revocations>> directory, RevokedMembers members) {
        super(context);
        this.timers = timers;
        this.directory = directory;
        this.members = members;
        context.getSelf().tell(new Look());
    }

    /** Keeps this up to date. */
    public static Behavior<Command> create(ClusterSharding sharding, RevokedMembers members) {
        return create(known -> Directory.of(sharding).<RevocationCommand.Revocations>ask(
                replyTo -> new RevocationCommand.ListAfter(known, replyTo), PATIENCE), members);
    }

    /** @param directory tells the revocations after the first so many; fails where it cannot in time */
    static Behavior<Command> create(IntFunction<CompletionStage<RevocationCommand.Revocations>> directory, RevokedMembers members) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new RevocationWatch(context, timers, directory, members)));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Look.class, look -> look())
                .onMessage(Told.class, this::onTold)
                .build();
    }

    private Behavior<Command> look() {
        long now = System.nanoTime();
        getContext().pipeToSelf(directory.apply(known), (told, failure) -> new Told(now, told, failure));
        return this;
    }

    private Behavior<Command> onTold(Told told) {
        if (told.failure() == null && !told.revocations().list().isEmpty()) {
            told.revocations().list().forEach(members::add);
            known += told.revocations().list().size();
            return look();
        }
        if (told.failure() == null) {
            members.allKnown(told.askedNs());
        }
        timers.startSingleTimer(new Look(), EVERY);
        return this;
    }
}
