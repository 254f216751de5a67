package org.pairspan.kms.policy.keeping;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
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
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.cluster.Fence;

/**
 * The policy of the key service, the newest versions of it. One persistent entity keeps it for the cluster; the key servers ask it every
 * second whether what they hold is still in force, and are told at once when it changes. The document was found without fault by the
 * server whose operator applied it.
 */
public final class KeyPolicy extends EventSourcedBehavior<KeyPolicy.Command, PolicyVersion, KeyPolicy.Kept> {

    /** Versions kept, to be shown and gone back to. */
    static final int VERSIONS_KEPT = 30;

    private static final EntityTypeKey<Command> TYPE = EntityTypeKey.create(Command.class, "key-policy");
    private static final String SERVICE = "default";
    private static final int SNAPSHOT_EVERY = 20;
    private static final int SNAPSHOTS_KEPT = 2;

    private final InstantSource clock;
    private final Watchers watchers = new Watchers(System::nanoTime);

    /** What the policy is asked. */
    public sealed interface Command extends ClusterMessage {
    }

    /**
     * Which policy is in force? And tell this watcher when it changes.
     *
     * @param server      that asks
     * @param heldVersion that it holds; -1 where none
     * @param askedAtNs   echoed in the answer
     */
    public record Watch(String server, long heldVersion, long askedAtNs, ActorRef<Notice> watcher) implements Command {
    }

    /** What a watcher is told. */
    public sealed interface Notice extends ClusterMessage {
    }

    /**
     * This is in force.
     *
     * @param asked     whether this answers a question
     * @param askedAtNs of that question
     */
    public record InForce(PolicyVersion version, boolean asked, long askedAtNs) implements Notice {
    }

    /** The version that was held at that question is. */
    public record StillInForce(long version, long askedAtNs) implements Notice {
    }

    /** Put a document in force, in place of the version {@code base}. */
    public record Apply(long base, String operator, String comment, String text, ActorRef<ApplyReply> replyTo) implements Command {
    }

    /** Answer to {@link Apply}. */
    public sealed interface ApplyReply extends ClusterMessage {
    }

    /** It is in force as this version. */
    public record Applied(long version) implements ApplyReply {
    }

    /** Another version than {@code base} is in force; nothing was done. */
    public record Conflict(PolicyVersion inForce) implements ApplyReply {
    }

    /** Show a version; -1 for the one in force. */
    public record Get(long number, ActorRef<Got> replyTo) implements Command {
    }

    /** Answer to {@link Get}; null where it is not kept. */
    public record Got(PolicyVersion version) implements ClusterMessage {
    }

    /** Which versions are kept, and which servers hold the one in force? */
    public record GetHistory(ActorRef<History> replyTo) implements Command {
    }

    /** Answer to {@link GetHistory}; versions without their texts, the newest first. */
    public record History(List<PolicyVersion> versions, List<String> serversUpToDate, List<String> serversBehind) implements ClusterMessage {
    }

    /** The newest versions, the one in force last. */
    public record Kept(List<PolicyVersion> versions) implements ClusterMessage {

        public Kept {
            versions = List.copyOf(versions);
        }

        PolicyVersion inForce() {
            return versions.getLast();
        }

        private Kept with(PolicyVersion newer) {
            List<PolicyVersion> all = new ArrayList<>(versions);
            all.add(newer);
            return new Kept(all.subList(Math.max(0, all.size() - VERSIONS_KEPT), all.size()));
        }

        private PolicyVersion find(long number) {
            return number == -1 ? inForce() : versions.stream().filter(version -> version.number() == number).findFirst().orElse(null);
        }
    }

    private KeyPolicy(InstantSource clock, PersistenceId id) {
        super(id, SupervisorStrategy.restartWithBackoff(Duration.ofMillis(200), Duration.ofSeconds(3), 0.2));
        this.clock = clock;
    }

    /** The behaviour of the policy. */
    static Behavior<Command> create(InstantSource clock, String service) {
        return new KeyPolicy(clock, PersistenceId.of("key-policy", service));
    }

    /** Makes the entity known to sharding on this server. */
    static void init(ClusterSharding sharding, InstantSource clock) {
        sharding.init(Entity.of(TYPE, context -> Fence.around(create(clock, context.getEntityId()))));
    }

    /** The policy of the service. */
    static EntityRef<Command> of(ClusterSharding sharding) {
        return sharding.entityRefFor(TYPE, SERVICE);
    }

    @Override
    public Kept emptyState() {
        return new Kept(List.of(InitialPolicy.VERSION));
    }

    @Override
    public CommandHandler<Command, PolicyVersion, Kept> commandHandler() {
        return newCommandHandlerBuilder().forAnyState()
                .onCommand(Watch.class, this::onWatch)
                .onCommand(Apply.class, this::onApply)
                .onCommand(Get.class, (kept, get) -> Effect().none().thenRun(() -> get.replyTo().tell(new Got(kept.find(get.number())))))
                .onCommand(GetHistory.class, (kept, get) -> Effect().none().thenRun(() -> get.replyTo().tell(history(kept))))
                .build();
    }

    private Effect<PolicyVersion, Kept> onWatch(Kept kept, Watch watch) {
        return Effect().none().thenRun(() -> {
            watchers.heard(watch);
            PolicyVersion inForce = kept.inForce();
            watch.watcher().tell(watch.heldVersion() == inForce.number() ? new StillInForce(inForce.number(), watch.askedAtNs())
                    : new InForce(inForce, true, watch.askedAtNs()));
        });
    }

    private Effect<PolicyVersion, Kept> onApply(Kept kept, Apply apply) {
        PolicyVersion inForce = kept.inForce();
        if (inForce.number() != apply.base()) {
            return Effect().none().thenRun(() -> apply.replyTo().tell(new Conflict(inForce.withoutText())));
        }
        PolicyVersion newer = new PolicyVersion(inForce.number() + 1, clock.millis(), apply.operator(), apply.comment(), apply.text());
        return Effect().persist(newer).thenRun(() -> {
            watchers.tell(new InForce(newer, false, 0));
            apply.replyTo().tell(new Applied(newer.number()));
        });
    }

    private History history(Kept kept) {
        long inForce = kept.inForce().number();
        return new History(kept.versions().reversed().stream().map(PolicyVersion::withoutText).toList(), watchers.at(inForce),
                watchers.behind(inForce));
    }

    @Override
    public EventHandler<Kept, PolicyVersion> eventHandler() {
        return newEventHandlerBuilder().forAnyState().onEvent(PolicyVersion.class, Kept::with).build();
    }

    @Override
    public RetentionCriteria retentionCriteria() {
        return RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, SNAPSHOTS_KEPT);
    }
}
