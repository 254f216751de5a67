package org.pairspan.kms.presence;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.pairspan.kms.cluster.ClusterMessage;

/**
 * Knows the link of one member. The newest link wins; one that was not announced for {@link #FORGET_AFTER} is forgotten. Newer is the one this
 * heard of later, whatever the clocks of the links' servers say. They decide only as long as this itself is new, having moved here from another
 * server, and hears of links that are older than itself in any order.
 */
public final class MemberPresence extends AbstractBehavior<MemberPresence.Command> {

    /** How often a link announces itself. */
    public static final Duration ANNOUNCE_EVERY = Duration.ofSeconds(3);

    private static final Duration FORGET_AFTER = ANNOUNCE_EVERY.multipliedBy(4);
    private static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "member-presence");

    /** Every link that was there before announces itself within this time. */
    private static final Duration SETTLES_AFTER = ANNOUNCE_EVERY.multipliedBy(2);
    private static final int MOST_REPLACED = 16;
    private static final int MOST_WAITING = 256;

    private final TimerScheduler<Command> timers;
    private final Set<ActorRef<LinkPush>> replaced = newest(MOST_REPLACED);
    private final Set<ActorRef<Located>> waiting = newest(MOST_WAITING);
    private boolean settled;
    private Announce current;

    /** What a presence is told and asked. */
    public sealed interface Command {
    }

    /**
     * This link serves the member.
     *
     * @param registeredAt when the link was registered, ms since 1970 by its server's clock
     */
    public record Announce(String member, long incarnation, long registeredAt, ActorRef<LinkPush> link) implements Command, ClusterMessage {
    }

    /** This link serves the member no more. */
    public record Withdraw(String member, ActorRef<LinkPush> link) implements Command, ClusterMessage {
    }

    /** Where is the member? */
    public record Locate(String member, ActorRef<Located> replyTo) implements Command, ClusterMessage {
    }

    /** Where is the member, as soon as another link serves it than now? Who asks before too many others is not answered. */
    public record AwaitLink(String member, ActorRef<Located> replyTo) implements Command, ClusterMessage {
    }

    /** Where the member is; {@code link} is null where no link is known. */
    public record Located(long incarnation, ActorRef<LinkPush> link) implements ClusterMessage {
    }

    /** The member registers over another link: the one that serves it must not answer for it any more. Not answered where that cannot be reached. */
    public record StandDown(String member, ActorRef<StoodDown> replyTo) implements Command, ClusterMessage {
    }

    /** No link answers for the member as it registered before. */
    public record StoodDown() implements ClusterMessage {
    }

    private record Forget() implements Command {
    }

    private record Settled() implements Command {
    }

    private MemberPresence(ActorContext<Command> context, TimerScheduler<Command> timers) {
        super(context);
        this.timers = timers;
        timers.startSingleTimer(new Settled(), SETTLES_AFTER);
    }

    static Behavior<Command> create() {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new MemberPresence(context, timers)));
    }

    /** Makes the entity known to sharding on this server. */
    public static void init(ClusterSharding sharding) {
        sharding.init(Entity.of(TYPE, context -> create()));
    }

    /** The presence of a member. */
    public static EntityRef<Command> of(ClusterSharding sharding, String member) {
        return sharding.entityRefFor(TYPE, member);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Announce.class, this::onAnnounce)
                .onMessage(Withdraw.class, this::onWithdraw)
                .onMessage(Locate.class, this::onLocate)
                .onMessage(AwaitLink.class, this::onAwaitLink)
                .onMessage(StandDown.class, this::onStandDown)
                .onMessage(Forget.class, forget -> forget())
                .onMessage(Settled.class, this::onSettled)
                .build();
    }

    private Behavior<Command> onAnnounce(Announce announce) {
        if (current == null || takesThePlaceOf(current, announce)) {
            boolean another = current == null || !announce.link().equals(current.link());
            if (another && current != null) {
                replace(current.link());
            }
            current = announce;
            if (another) {
                waiting.forEach(replyTo -> replyTo.tell(located()));
                waiting.clear();
            }
            timers.startSingleTimer(Forget.class, new Forget(), FORGET_AFTER);
        } else {
            replace(announce.link());
        }
        return this;
    }

    private void replace(ActorRef<LinkPush> link) {
        replaced.add(link);
        link.tell(new LinkPush.Superseded());
    }

    private boolean takesThePlaceOf(Announce old, Announce announce) {
        return announce.link().equals(old.link())
                || !replaced.contains(announce.link()) && (settled || announce.registeredAt() >= old.registeredAt());
    }

    private Behavior<Command> onSettled(Settled now) {
        settled = true;
        return this;
    }

    private Behavior<Command> onWithdraw(Withdraw withdraw) {
        return current != null && withdraw.link().equals(current.link()) ? forget() : this;
    }

    private Behavior<Command> onLocate(Locate locate) {
        locate.replyTo().tell(located());
        return this;
    }

    private Located located() {
        return current == null ? new Located(0, null) : new Located(current.incarnation(), current.link());
    }

    private Behavior<Command> onStandDown(StandDown down) {
        if (current == null) {
            down.replyTo().tell(new StoodDown());
        } else {
            current.link().tell(new LinkPush.StandDown(down.replyTo()));
        }
        return this;
    }

    private Behavior<Command> onAwaitLink(AwaitLink await) {
        waiting.add(await.replyTo());
        return this;
    }

    private static <T> Set<T> newest(int most) {
        return Collections.newSetFromMap(new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<T, Boolean> eldest) {
                return size() > most;
            }
        });
    }

    private Behavior<Command> forget() {
        timers.cancel(Forget.class);
        current = null;
        replaced.clear();
        return this;
    }
}
