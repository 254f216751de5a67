package org.pairspan.kms.enrolment;

import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.cluster.Fence;
import org.pairspan.protocol.address.IpPrefix;

/**
 * One token, under the hash of its secret; the secret itself is nowhere here. The first public key that comes with it is the only one it
 * ever serves, and the certificate made for that key the only one it ever brings: a question that is repeated because its answer was lost
 * gets the same answer, any other gets none.
 */
public final class EnrolmentToken extends EventSourcedBehavior<EnrolmentToken.Command, EnrolmentToken.Event, EnrolmentToken.Ledger> {

    private static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "enrolment");

    private final InstantSource clock;

    /** What a token is asked. */
    public sealed interface Command extends ClusterMessage {
    }

    /** Begin to exist. */
    public record Issue(String memberId, List<IpPrefix> prefixes, long expiresAtMs, ActorRef<Reply> replyTo) implements Command {
    }

    /** May this key have a certificate? {@code keyHash} is of the public key's DER form. */
    public record Redeem(String memberId, byte[] keyHash, ActorRef<Reply> replyTo) implements Command {
    }

    /** This is the certificate made for the key, DER, with what leads to the authority. */
    public record Complete(byte[] keyHash, List<byte[]> chain, ActorRef<Reply> replyTo) implements Command {
    }

    /** Answer of a token. */
    public sealed interface Reply extends ClusterMessage {
    }

    /** It exists now. */
    public record Issued() implements Reply {
    }

    /** The key may have a certificate for these prefixes. */
    public record Redeemable(List<IpPrefix> prefixes) implements Reply {
    }

    /** The token's certificate. */
    public record Completed(List<byte[]> chain) implements Reply {
    }

    /** It may not; {@code why} is for the audit log only. */
    public record Refused(String why) implements Reply {
    }

    /** What happened to a token. */
    public sealed interface Event extends ClusterMessage {
    }

    /** It was made. */
    public record TokenIssued(String memberId, List<IpPrefix> prefixes, long expiresAtMs) implements Event {
    }

    /** A key came with it. */
    public record TokenBound(byte[] keyHash) implements Event {
    }

    /** Its certificate was made. */
    public record TokenUsed(List<byte[]> chain) implements Event {
    }

    /** All that happened; null for what did not. */
    record Ledger(TokenIssued issued, byte[] keyHash, List<byte[]> chain) {
    }

    private EnrolmentToken(String hash, InstantSource clock) {
        super(PersistenceId.of("enrolment", hash), SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
        this.clock = clock;
    }

    static Behavior<Command> create(String hash, InstantSource clock) {
        return new EnrolmentToken(hash, clock);
    }

    /** Makes tokens known to sharding on this server. */
    public static void init(ClusterSharding sharding, InstantSource clock) {
        sharding.init(Entity.of(TYPE, context -> Fence.around(create(context.getEntityId(), clock))));
    }

    static EntityRef<Command> of(ClusterSharding sharding, TokenSecret secret) {
        return sharding.entityRefFor(TYPE, secret.hash());
    }

    @Override
    public Ledger emptyState() {
        return new Ledger(null, null, null);
    }

    @Override
    public CommandHandler<Command, Event, Ledger> commandHandler() {
        return newCommandHandlerBuilder().forAnyState()
                .onCommand(Issue.class, this::onIssue)
                .onCommand(Redeem.class, this::onRedeem)
                .onCommand(Complete.class, this::onComplete)
                .build();
    }

    private Effect<Event, Ledger> onIssue(Ledger ledger, Issue issue) {
        if (ledger.issued() != null) {
            return reply(issue.replyTo(), new Refused("there is such a token"));
        }
        return Effect().persist((Event) new TokenIssued(issue.memberId(), issue.prefixes(), issue.expiresAtMs()))
                .thenRun(() -> issue.replyTo().tell(new Issued()));
    }

    private Effect<Event, Ledger> onRedeem(Ledger ledger, Redeem redeem) {
        String fault = fault(ledger, redeem);
        if (fault != null) {
            return reply(redeem.replyTo(), new Refused(fault));
        }
        if (ledger.chain() != null) {
            return reply(redeem.replyTo(), new Completed(ledger.chain()));
        }
        Redeemable redeemable = new Redeemable(ledger.issued().prefixes());
        if (ledger.keyHash() != null) {
            return reply(redeem.replyTo(), redeemable);
        }
        return Effect().persist((Event) new TokenBound(redeem.keyHash())).thenRun(() -> redeem.replyTo().tell(redeemable));
    }

    private String fault(Ledger ledger, Redeem redeem) {
        if (ledger.issued() == null) {
            return "unknown token";
        }
        if (clock.millis() >= ledger.issued().expiresAtMs()) {
            return "expired token";
        }
        if (!ledger.issued().memberId().equals(redeem.memberId())) {
            return "token of another member, " + ledger.issued().memberId();
        }
        return ledger.keyHash() == null || MessageDigest.isEqual(ledger.keyHash(), redeem.keyHash()) ? null : "used token, with another key";
    }

    private Effect<Event, Ledger> onComplete(Ledger ledger, Complete complete) {
        if (ledger.keyHash() == null || !MessageDigest.isEqual(ledger.keyHash(), complete.keyHash())) {
            return reply(complete.replyTo(), new Refused("a certificate for another key"));
        }
        if (ledger.chain() != null) {
            return reply(complete.replyTo(), new Completed(ledger.chain()));
        }
        return Effect().persist((Event) new TokenUsed(complete.chain())).thenRun(() -> complete.replyTo().tell(new Completed(complete.chain())));
    }

    private Effect<Event, Ledger> reply(ActorRef<Reply> to, Reply reply) {
        return Effect().none().thenRun(() -> to.tell(reply));
    }

    @Override
    public EventHandler<Ledger, Event> eventHandler() {
        return newEventHandlerBuilder().forAnyState()
                .onEvent(TokenIssued.class, (ledger, issued) -> new Ledger(issued, null, null))
                .onEvent(TokenBound.class, (ledger, bound) -> new Ledger(ledger.issued(), bound.keyHash(), null))
                .onEvent(TokenUsed.class, (ledger, used) -> new Ledger(ledger.issued(), ledger.keyHash(), used.chain()))
                .build();
    }
}
