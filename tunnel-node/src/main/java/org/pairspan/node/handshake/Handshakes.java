package org.pairspan.node.handshake;

import java.util.function.BiFunction;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.SystemNanoClock;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.keyring.WakeableIdleStrategy;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.HandshakeMessage;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.wire.DropReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The key exchanges of this node as one thing, with a thread of its own. */
public final class Handshakes implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Handshakes.class);
    private static final int CLOSE_TIMEOUT_MS = 5_000;

    private final WakeableIdleStrategy waiting = new WakeableIdleStrategy();
    private final ExchangeOrders orders = new ExchangeOrders();
    private final HandshakeAgent agent;
    private final AgentRunner runner;

    /**
     * @param policy  which exchange goes with a peer, by its id, and a suite; the only one offered and accepted.
     * @param outcome told what comes of exchanges.
     * @param export  sees the keys before that.
     */
    public Handshakes(BiFunction<String, Suite, KeyExchange> policy, ExchangeOutcome outcome, EpochExport export) {
        agent = new HandshakeAgent(SystemNanoClock.INSTANCE, new BcTlsCrypto(), policy, outcome, export, orders);
        runner = new AgentRunner(waiting, Handshakes::unexpected, null, agent);
    }

    /** Starts the thread. Once. */
    public void start() {
        AgentRunner.startOnThread(runner, task -> Thread.ofPlatform().name(agent.roleName()).daemon().unstarted(task));
    }

    /** Takes a generation; the one in use stays until it has given keys. The grant's handshake key is wiped here in the end. Any thread. */
    public void install(AssociationGrant grant) {
        agent.install(grant);
        waiting.wake();
    }

    /** Ends the exchanges with a peer in generations before this one, and wipes their secrets. Any thread. */
    public void retire(int peerNumber, long generation) {
        agent.retire(peerNumber, generation);
        waiting.wake();
    }

    /** Ends every exchange with a peer and wipes its secrets. Any thread. */
    public void forget(int peerNumber) {
        agent.forget(peerNumber);
        waiting.wake();
    }

    /**
     * Begins an exchange with a peer that is to be TLS server in it. Data thread only.
     *
     * @return false when there is no room for the order now.
     */
    public boolean exchange(int peerNumber, long generation, int epoch) {
        boolean taken = orders.start(peerNumber, generation, epoch);
        waiting.wake();
        return taken;
    }

    /**
     * Copies a handshake message of a peer. Data thread only.
     *
     * @return why it was dropped; null when it was not.
     */
    public DropReason onMessage(int peerNumber, DirectBuffer message, int offset, int length) {
        if (!HandshakeMessage.isWellFormed(message, offset, length)) {
            return DropReason.CONTROL_MALFORMED;
        }
        boolean taken = orders.message(peerNumber, message, offset, length);
        waiting.wake();
        return taken ? null : DropReason.HANDSHAKE_FLOOD;
    }

    /** Handshake messages dropped on the thread of the exchanges. Any thread. */
    public long drops(DropReason reason) {
        return agent.drops().get(reason);
    }

    /** Ends the thread and wipes every secret. */
    @Override
    public void close() {
        runner.close(CLOSE_TIMEOUT_MS, thread -> LOG.warn("'{}' did not end within {} ms", thread.getName(), CLOSE_TIMEOUT_MS));
    }

    private static void unexpected(Throwable failure) {
        LOG.error("The thread of the key exchanges goes on after an error", failure);
    }
}
