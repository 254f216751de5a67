package org.pairspan.kms.app;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.association.Association;
import org.pairspan.kms.audit.Administration;
import org.pairspan.kms.audit.AuditAllowances;
import org.pairspan.kms.audit.chain.ChainedAuditLog;
import org.pairspan.kms.cluster.Standing;
import org.pairspan.kms.config.KmsSettings;
import org.pairspan.kms.delivery.KeyDeliveryService;
import org.pairspan.kms.delivery.MemberAccess;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.endpoint.LinkServices;
import org.pairspan.kms.endpoint.MemberLinkServer;
import org.pairspan.kms.enrolment.Enrolment;
import org.pairspan.kms.issue.KeyIssuer;
import org.pairspan.kms.journal.Journal;
import org.pairspan.kms.journal.JournalKeyErasure;
import org.pairspan.kms.journal.JournalMasterCensus;
import org.pairspan.kms.observe.KeyService;
import org.pairspan.kms.observe.ServiceCounters;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.kms.policy.keeping.PolicyInForce;
import org.pairspan.kms.policy.keeping.PolicyService;
import org.pairspan.kms.presence.LinkedMembers;
import org.pairspan.kms.presence.MemberPresence;
import org.pairspan.kms.revocation.RevokedMembers;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.kms.source.combined.KeySources;
import org.pairspan.kms.source.combined.KeySourcesBean;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.config.HostPort;
import org.pairspan.runtime.jmx.ManagedBeans;
import org.pairspan.runtime.tls.TlsContexts;

/** What a key server does for members and SAEs in its actor system, from the directory to the ports that are listened on. */
final class KeyServices {

    private static final Duration POLICY_PATIENCE = Duration.ofSeconds(10);

    private final KmsSettings settings;
    private final TlsContexts tls;
    private final Journal journal;
    private final ChainedAuditLog audit;
    private final ManagedBeans beans;

    /** @param beans where what runs is shown; whoever stops the actor system closes them */
    KeyServices(KmsSettings settings, TlsContexts tls, Journal journal, ChainedAuditLog audit, ManagedBeans beans) {
        this.settings = settings;
        this.tls = tls;
        this.journal = journal;
        this.audit = audit;
        this.beans = beans;
    }

    /**
     * Returns when members can be served. All ends with the actor system.
     *
     * @param sources of keys; whoever stops the actor system closes them
     * @throws ConfigurationException where an address cannot be had
     */
    void start(ActorSystem<?> system, KeySources sources, Sealer sealer) {
        ServiceCounters counters = new ServiceCounters();
        beans.register(new KeySourcesBean(sources), "KeySources", settings.name());
        ClusterSharding sharding = ClusterSharding.get(system);
        Directory.init(sharding);
        Executor blocking = system.dispatchers().lookup(DispatcherSelector.fromConfig("pairspan-housekeeping-dispatcher"));
        Enrolment.init(sharding);
        PolicyInForce policy = PolicyService.start(system, settings.name(), settings.suites(), settings.policyBound(),
                new Administration(audit, InstantSource.system()), beans);
        KeyUpdateService updates = KeyUpdateService.start(system, settings, audit, InstantSource.system(), blocking, journal, policy);
        PairKey.init(sharding, new PairKey.Parts(settings.name(),
                PairKeySources.of(policy, sources, sealer, audit, settings.name(), InstantSource.system()),
                new JournalKeyErasure(journal, blocking), updates::isRevoked, settings.journal().lostVersion(), counters.keysStored));
        Association.init(sharding, updates.associationParts(counters.associationsStored));
        MemberPresence.init(sharding);
        beans.register(new KeyService(settings.name(), settings.memberLink().address(), counters, system), "KeyService", settings.name());
        beans.register(audit.status(), "Audit", settings.name());

        settings.etsi014().ifPresent(etsi -> KeyDeliveryService.init(sharding, etsi.keys(), InstantSource.system(),
                new JournalKeyErasure(journal, blocking), updates::isRevoked));

        ClusterEntry.await(system, settings.name(), sharding);
        policy.awaitKnown(POLICY_PATIENCE);

        RevokedMembers revoked = updates.watchRevocations();
        updates.register(beans);
        KmsSettings.MemberLinkLimits limits = settings.memberLink();
        LinkedMembers linked = new LinkedMembers();
        AuditAllowances allowances = AuditAllowances.start(system, audit, InstantSource.system());
        KeyIssuer issuer = new KeyIssuer(system, policy, audit, allowances.refusals(), counters, limits.requestTimeout(),
                limits.installTimeout(), InstantSource.system(), revoked, linked);
        LinkServices services = new LinkServices(sharding, issuer, policy, sealer, allowances, counters, limits, InstantSource.system(), revoked,
                linked, Standing.of(system));
        try {
            MemberLinkServer.bind(system, tls, services).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new ConfigurationException("pairspan.kms.member-link.host, port", HostPort.text(limits.address()),
                    "must be a free port at an address of this machine", "choose another, or stop what uses it", e);
        }
        settings.etsi014().ifPresent(etsi -> beans.register(KeyDeliveryService.listen(etsi, new KeyDeliveryService.Parts(system, tls,
                new MemberAccess(sharding, policy::decide, revoked::has, etsi.saes(), etsi.connections().requestTimeout()), sources::named, sealer,
                audit, allowances.refusals(), new JournalMasterCensus(journal, blocking), InstantSource.system())), "KeyDelivery", settings.name()));
        settings.enrolment().ifPresent(enrol -> beans.register(Enrolment.open(enrol, system, tls, KeyServerSystem.tokenMarkKey(journal), audit,
                allowances.strangers(), revoked::has), "Enrolment", settings.name()));
    }
}
