package org.pairspan.kms.app;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.association.Association;
import org.pairspan.kms.audit.Administration;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.config.KeyUpdateLimits;
import org.pairspan.kms.config.KmsSettings;
import org.pairspan.kms.journal.Journal;
import org.pairspan.kms.journal.JournalPairCensus;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.policy.keeping.PolicyInForce;
import org.pairspan.kms.revocation.Members;
import org.pairspan.kms.revocation.RevocationWatch;
import org.pairspan.kms.revocation.RevokedMembers;
import org.pairspan.kms.update.KeyUpdateBean;
import org.pairspan.kms.update.KeyUpdates;
import org.pairspan.kms.update.PairOrders;
import org.pairspan.kms.update.UpdateJobs;
import org.pairspan.kms.update.UpdateMessenger;
import org.pairspan.runtime.jmx.ManagedBeans;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Updates of keys and revocation of members, put together on one server. */
final class KeyUpdateService {

    private static final Logger LOG = LoggerFactory.getLogger(KeyUpdateService.class);
    private static final Duration REVOCATIONS_PATIENCE = Duration.ofSeconds(1);

    private final ActorSystem<?> system;
    private final KmsSettings settings;
    private final AuditLog audit;
    private final InstantSource clock;
    private final PolicyInForce policy;
    private final PolicyKeyLifetimes lifetimes;
    private final RevokedMembers revoked = new RevokedMembers();
    private final ActorRef<KeyUpdates.Command> updates;

    private KeyUpdateService(ActorSystem<?> system, KmsSettings settings, AuditLog audit, InstantSource clock, Executor blocking,
            Journal journal, PolicyInForce policy) {
        this.system = system;
        this.settings = settings;
        this.audit = audit;
        this.clock = clock;
        this.policy = policy;
        KeyUpdateLimits limits = settings.keyUpdate();
        lifetimes = new PolicyKeyLifetimes(policy, limits.afterGenerations());
        updates = KeyUpdates.init(system, new KeyUpdates.Parts(limits, lifetimes, new JournalPairCensus(journal, blocking),
                PairOrders.over(ClusterSharding.get(system), limits.stepTimeout(), revoked::has), revoked.ids(), clock));
    }

    /** @param blocking runs what blocks on the database */
    static KeyUpdateService start(ActorSystem<?> system, KmsSettings settings, AuditLog audit, InstantSource clock, Executor blocking,
            Journal journal, PolicyInForce policy) {
        return new KeyUpdateService(system, settings, audit, clock, blocking, journal, policy);
    }

    /** Whether a member, by its id, is known here to have lost its right to keys. */
    boolean isRevoked(String memberId) {
        return revoked.has(memberId);
    }

    /** What associations need of it. */
    Association.Parts associationParts(LongConsumer persistLatency) {
        KeyUpdateLimits limits = settings.keyUpdate();
        return new Association.Parts(persistLatency, clock,
                new UpdateMessenger(system, policy, audit, clock, settings.name(), limits.stepTimeout()),
                new Association.UpdateTiming(limits.grace(), limits.again(), lifetimes::mostGenerations),
                (PairId pair) -> updates.tell(new UpdateJobs.Worn(pair.entityId())));
    }

    /**
     * Members that have lost their right to keys, kept up to date from now on. Returns when those of before are known: a server that began
     * to serve earlier would take them for members like others.
     *
     * @throws IllegalStateException where the actor system ends instead
     */
    RevokedMembers watchRevocations() {
        system.systemActorOf(RevocationWatch.create(ClusterSharding.get(system), revoked), "revocation-watch", Props.empty());
        try {
            while (!revoked.awaitKnown(REVOCATIONS_PATIENCE)) {
                LOG.info("{} waits for the directory to tell who is revoked", settings.name());
                if (system.getWhenTerminated().toCompletableFuture().isDone()) {
                    throw new IllegalStateException(settings.name() + " has left the cluster before it knew who is revoked");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + settings.name() + " waited to know who is revoked", e);
        }
        return revoked;
    }

    /** Lets operators in. */
    void register(ManagedBeans beans) {
        Administration administration = new Administration(audit, clock);
        KeyUpdateBean bean = new KeyUpdateBean(system, updates, administration);
        beans.register(bean, "KeyUpdates", settings.name());
        beans.register(new Members(ClusterSharding.get(system), administration, clock, bean::destroyKeys), "Members", settings.name());
    }
}
