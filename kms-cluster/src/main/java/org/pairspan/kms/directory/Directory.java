package org.pairspan.kms.directory;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.cluster.Fence;
import org.pairspan.protocol.address.IpPrefix;

/**
 * The ID–address list of the subnet (KS-1): allots member numbers, keeps what members registered, finds the owner of an address or a
 * number. A member that registers again replaces its entry and keeps its number. Prefixes outside the certificate's grant, or
 * overlapping another member's, are refused, and nothing of such a registration is kept.
 */
public final class Directory extends EventSourcedBehavior<Directory.Command, DirectoryEvent, DirectoryState> {

    /** One list holds the whole subnet. */
    private static final String SUBNET = "default";
    private static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "directory");
    private static final int SNAPSHOT_EVERY = 500;
    private static final int SNAPSHOTS_KEPT = 2;

    /** What the directory is asked. */
    public sealed interface Command extends ClusterMessage permits Register, FindByAddress, FindByNumber, FindById,
            FindConflict, ListIds, Probe, RevocationCommand {
    }

    /**
     * Register a member, or change what it registered.
     *
     * @param granted prefixes its certificate grants
     */
    public record Register(String memberId, InetSocketAddress bearer, List<IpPrefix> prefixes, List<IpPrefix> granted,
            List<Integer> suites, ActorRef<RegisterReply> replyTo) implements Command {

        /** The same, answered elsewhere. */
        public Register answerTo(ActorRef<RegisterReply> other) {
            return new Register(memberId, bearer, prefixes, granted, suites, other);
        }
    }

    /** Whose address (4 or 16 bytes) is this? */
    public record FindByAddress(byte[] address, ActorRef<FindReply> replyTo) implements Command {
    }

    /** Whose number is this? */
    public record FindByNumber(int number, ActorRef<FindReply> replyTo) implements Command {
    }

    /** Who is this? */
    public record FindById(String memberId, ActorRef<FindReply> replyTo) implements Command {
    }

    /**
     * Would any of these prefixes be refused to this member, because another has one that overlaps? What a certificate grants is not looked
     * at.
     */
    public record FindConflict(String memberId, List<IpPrefix> prefixes, ActorRef<ConflictReply> replyTo) implements Command {
    }

    /** Does the directory answer, and how many members does it know? */
    public record Probe(ActorRef<ProbeReply> replyTo) implements Command {
    }

    /** Ids of the members whose numbers are above this one, at most so many, in the order of their numbers. */
    public record ListIds(int aboveNumber, int most, ActorRef<Ids> replyTo) implements Command {
    }

    /** Answer to {@link ListIds}: the highest number among them, or the one asked for where there are none. */
    public record Ids(int upToNumber, List<String> ids) implements ClusterMessage {
    }

    /** Answer to {@link Register}. */
    public sealed interface RegisterReply extends ClusterMessage {
    }

    /** The member is in the list, under this entry. */
    public record Registered(MemberEntry entry) implements RegisterReply {
    }

    /** A prefix may not be registered; {@code detail} says which and names no other member. */
    public record PrefixRefused(String detail) implements RegisterReply {
    }

    /** Every member number has been given away. */
    public record NumbersExhausted() implements RegisterReply {
    }

    /** The member has lost its right to keys, for good. */
    public record RegistrationRevoked() implements RegisterReply {
    }

    /** Answer to a search. */
    public sealed interface FindReply extends ClusterMessage {
    }

    /** The member found. */
    public record Found(MemberEntry entry) implements FindReply {
    }

    /** It belongs to a member that has lost its right to keys. */
    public record FoundRevoked(String memberId) implements FindReply {
    }

    /** No member has it. */
    public record NotFound() implements FindReply {
    }

    /** Answer to {@link FindConflict}. */
    public sealed interface ConflictReply extends ClusterMessage {
    }

    /**
     * The first that would be refused.
     *
     * @param taken    the prefix that it overlaps
     * @param memberId whose that is
     */
    public record Conflict(IpPrefix wanted, IpPrefix taken, String memberId) implements ConflictReply {
    }

    /** None would be. */
    public record NoConflict() implements ConflictReply {
    }

    /** Answer to {@link Probe}. */
    public record ProbeReply(int members) implements ClusterMessage {
    }

    /** A member registered for the first time, or anew with other values. */
    public record MemberRegistered(MemberEntry entry) implements DirectoryEvent {
    }

    /** The list as a whole, with those that were revoked, oldest first. */
    public record FullSnapshot(int lastNumber, List<MemberEntry> members, List<Revocation> revocations) implements ClusterMessage {
    }

    /** The list as a whole, from before there were revocations. */
    public record Snapshot(int lastNumber, List<MemberEntry> members) implements ClusterMessage {
    }

    private Directory(PersistenceId id) {
        super(id, SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
    }

    /** The behaviour of a directory of its own, under the given name. */
    static Behavior<Command> create(String subnet) {
        return new Directory(PersistenceId.of("directory", subnet));
    }

    /** Makes the entity known to sharding on this server. */
    public static void init(ClusterSharding sharding) {
        sharding.init(Entity.of(TYPE, context -> Fence.around(create(context.getEntityId()))));
    }

    /** The subnet's directory. */
    public static EntityRef<Command> of(ClusterSharding sharding) {
        return sharding.entityRefFor(TYPE, SUBNET);
    }

    @Override
    public DirectoryState emptyState() {
        return new DirectoryState();
    }

    @Override
    public CommandHandler<Command, DirectoryEvent, DirectoryState> commandHandler() {
        return newCommandHandlerBuilder().forAnyState()
                .onCommand(Register.class, this::onRegister)
                .onCommand(FindByAddress.class, (state, find) -> Effect().none().thenRun(
                        () -> find.replyTo().tell(state.byAddress(find.address()))))
                .onCommand(FindByNumber.class, (state, find) -> Effect().none().thenRun(
                        () -> find.replyTo().tell(state.byNumber(find.number()))))
                .onCommand(ListIds.class, (state, list) -> Effect().none().thenRun(
                        () -> list.replyTo().tell(state.ids(list.aboveNumber(), list.most()))))
                .onCommand(FindById.class, (state, find) -> Effect().none().thenRun(
                        () -> find.replyTo().tell(state.byId(find.memberId()))))
                .onCommand(FindConflict.class, (state, find) -> Effect().none().thenRun(
                        () -> find.replyTo().tell(state.conflict(find.memberId(), find.prefixes()))))
                .onCommand(RevocationCommand.Revoke.class, this::onRevoke)
                .onCommand(RevocationCommand.ListAfter.class, (state, list) -> Effect().none().thenRun(
                        () -> list.replyTo().tell(new RevocationCommand.Revocations(state.revocationsAfter(list.known())))))
                .onCommand(Probe.class, (state, probe) -> Effect().none().thenRun(
                        () -> probe.replyTo().tell(new ProbeReply(state.size()))))
                .build();
    }

    private Effect<DirectoryEvent, DirectoryState> onRegister(DirectoryState state, Register register) {
        RegisterReply reply = state.judge(register);
        return switch (reply) {
            case Registered registered when !state.holds(registered.entry()) ->
                    Effect().persist(new MemberRegistered(registered.entry())).thenRun(() -> register.replyTo().tell(registered));
            default -> Effect().none().thenRun(() -> register.replyTo().tell(reply));
        };
    }

    private Effect<DirectoryEvent, DirectoryState> onRevoke(DirectoryState state, RevocationCommand.Revoke revoke) {
        Revocation known = state.revocation(revoke.memberId());
        if (known != null) {
            return Effect().none().thenRun(() -> revoke.replyTo().tell(known));
        }
        Revocation revocation = state.revocationBy(revoke);
        return Effect().persist(revocation).thenRun(() -> revoke.replyTo().tell(revocation));
    }

    @Override
    public EventHandler<DirectoryState, DirectoryEvent> eventHandler() {
        return newEventHandlerBuilder().forAnyState()
                .onEvent(MemberRegistered.class, (state, event) -> state.put(event.entry()))
                .onEvent(Revocation.class, DirectoryState::revoke)
                .build();
    }

    @Override
    public SnapshotAdapter<DirectoryState> snapshotAdapter() {
        return new SnapshotAdapter<>() {
            @Override
            public Object toJournal(DirectoryState state) {
                return state.snapshot();
            }

            @Override
            public DirectoryState fromJournal(Object from) {
                return DirectoryState.of(from);
            }
        };
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, SNAPSHOTS_KEPT);
    }
}
