package org.pairspan.node.keyring;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.pairspan.node.config.KeyServiceConfig;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's keys as one thing: takes the data thread's demands, keeps the link to the key service, and installs associations.
 * Usable from its making on; what is demanded before {@link #start} waits.
 */
public final class Keyring implements AutoCloseable {
    /** Why this node, as its operator has set it up, can't keep the terms on which it is to talk with a peer; empty where it can. */
    @FunctionalInterface
    public interface TermsObjection {
        /** What keeps this node from it, in words for its operator; the key service is told the same. On the thread of the link. */
        Optional<String> to(String peerId, PeerTerms terms);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Keyring.class);
    private static final int CLOSE_TIMEOUT_MS = 5_000;

    private final Member member;
    private final NanoClock clock = SystemNanoClock.INSTANCE;
    private final SecureRandom random = new SecureRandom();
    private final WakeableIdleStrategy waiting = new WakeableIdleStrategy();
    private final DemandQueue demands = new DemandQueue(waiting::wake);
    private final KeyServiceClient client;
    private AgentRunner runner;

    /** @param tls as the member; asked at each connection, since certificates are renewed. */
    public Keyring(KeyServiceConfig config, Member member, Supplier<TlsContexts> tls) {
        this.member = member;
        client = new KeyServiceClient(config, member, (server, timeout) -> tls.get().connect(server, Role.KMS, timeout), clock, random);
    }

    /** Where the data thread leaves its demands. */
    public KeyDemand demands() {
        return demands;
    }

    /**
     * Begins to connect and to answer demands, on threads of its own. Once.
     *
     * @param beforeInstall sees each association, with its keys, on the control thread before the data plane does; must not throw.
     * @param objection     why the terms of an association can't be kept here.
     */
    public void start(DataPlane dataPlane, Consumer<AssociationGrant> beforeInstall, TermsObjection objection) {
        Associations associations = new Associations(member.id(), member.prefixes(), member.suites(), objection, beforeInstall,
                dataPlane);
        KeyAgent agent = new KeyAgent(clock, client, dataPlane, demands, associations, new OpenQuestions(random), client,
                waiting::wake);
        runner = new AgentRunner(waiting, Keyring::unexpected, null, agent);
        AgentRunner.startOnThread(runner, task -> Thread.ofPlatform().name(agent.roleName()).daemon().unstarted(task));
        client.start(agent);
    }

    /** Completes when this member is registered for the first time, or every server has been tried once. */
    public CompletionStage<Void> firstRound() {
        return client.firstRound();
    }

    /** Connects anew, where a link stands, to show a new certificate. Associations in use are not touched. */
    public void reconnect() {
        client.reconnect();
    }

    /** How the link to the key service fares. Any thread. */
    public KeyServiceStatus status() {
        return client.status();
    }

    /** Ends the link and the threads. Associations in use are not touched. */
    @Override
    public void close() {
        client.close();
        if (runner != null) {
            runner.close(CLOSE_TIMEOUT_MS, thread -> LOG.warn("'{}' did not end within {} ms", thread.getName(), CLOSE_TIMEOUT_MS));
        }
    }

    private static void unexpected(Throwable failure) {
        LOG.error("The control thread of the keys goes on after an error", failure);
    }
}
