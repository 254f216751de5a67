package org.pairspan.node.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.NanoClock;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/** Runs the key exchanges with all peers. Everything happens in {@link #doWork()} on one thread; the data thread only leaves orders. */
final class HandshakeAgent implements Agent {
    private final NanoClock clock;
    private final TlsCrypto crypto;
    private final BiFunction<String, Suite, KeyExchange> policy;
    private final ExchangeOutcome outcome;
    private final EpochExport export;
    private final ExchangeOrders orders;
    private final Queue<Change> changes = new ConcurrentLinkedQueue<>();
    private final DropCounters drops = new DropCounters();
    private final Int2ObjectHashMap<PeerExchange> peers = new Int2ObjectHashMap<>();
    private final List<PeerExchange> active = new ArrayList<>();
    private final MessageHandler handler = this::onOrder;

    /** What is told of peers, in one queue: a peer that is forgotten may be installed anew at once. */
    private sealed interface Change {
        record Install(AssociationGrant grant) implements Change {
        }

        record Retire(int peerNumber, long generation) implements Change {
        }

        record Forget(int peerNumber) implements Change {
        }
    }

    HandshakeAgent(NanoClock clock, TlsCrypto crypto, BiFunction<String, Suite, KeyExchange> policy, ExchangeOutcome outcome, EpochExport export,
            ExchangeOrders orders) {
        this.clock = clock;
        this.crypto = crypto;
        this.policy = policy;
        this.outcome = outcome;
        this.export = export;
        this.orders = orders;
    }

    @Override
    public String roleName() {
        return "handshakes";
    }

    /** Any thread. The key exchange secret of the grant is this agent's from now on. */
    void install(AssociationGrant grant) {
        changes.add(new Change.Install(grant));
    }

    /** Any thread. Ends what is under way with a peer in generations before this one, and wipes their secrets. */
    void retire(int peerNumber, long generation) {
        changes.add(new Change.Retire(peerNumber, generation));
    }

    /** Any thread. Ends what is under way with a peer, and wipes its secrets. */
    void forget(int peerNumber) {
        changes.add(new Change.Forget(peerNumber));
    }

    /** Handshake messages that came to nothing. Any thread reads. */
    DropCounters drops() {
        return drops;
    }

    @Override
    public int doWork() {
        long nowNs = clock.nanoTime();
        int work = takeChanges(nowNs) + orders.drain(handler);
        for (int i = active.size() - 1; i >= 0; i--) {
            PeerExchange peer = active.get(i);
            work += peer.doWork(nowNs);
            if (!peer.hasTimers()) {
                peer.active = false;
                active.remove(i);
            }
        }
        return work;
    }

    private int takeChanges(long nowNs) {
        int work = 0;
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            switch (change) {
                case Change.Install(AssociationGrant grant) -> onInstall(grant, nowNs);
                case Change.Retire(int peerNumber, long generation) -> onRetire(peerNumber, generation);
                case Change.Forget(int peerNumber) -> onForget(peerNumber);
            }
            work++;
        }
        return work;
    }

    private void onInstall(AssociationGrant grant, long nowNs) {
        PeerExchange peer = peers.get(grant.peerNumber());
        if (peer == null) {
            peer = new PeerExchange(crypto, outcome, export, grant.peerNumber(), nowNs);
            peers.put(grant.peerNumber(), peer);
        }
        peer.install(grant, grant.terms().exchange().orElseGet(() -> policy.apply(grant.peerId(), grant.suite())));
    }

    private void onRetire(int peerNumber, long generation) {
        PeerExchange peer = peers.get(peerNumber);
        if (peer != null) {
            peer.retire(generation);
        }
    }

    private void onForget(int peerNumber) {
        PeerExchange peer = peers.remove(peerNumber);
        if (peer != null) {
            active.remove(peer);
            peer.close();
        }
    }

    private void onOrder(int type, MutableDirectBuffer buffer, int index, int length) {
        long nowNs = clock.nanoTime();
        // What is told of a peer is left before any order about it.
        takeChanges(nowNs);
        PeerExchange peer = peers.get(ExchangeOrders.peerNumber(buffer, index));
        if (peer == null) {
            drops.increment(DropReason.HANDSHAKE_STALE);
            return;
        }
        if (type == ExchangeOrders.START) {
            peer.start(ExchangeOrders.generation(buffer, index), ExchangeOrders.epoch(buffer, index), nowNs);
        } else {
            DropReason fault = peer.onMessage(buffer, index + ExchangeOrders.MESSAGE_OFFSET, length - ExchangeOrders.MESSAGE_OFFSET, nowNs);
            if (fault != null) {
                drops.increment(fault);
            }
        }
        if (!peer.active) {
            peer.active = true;
            active.add(peer);
        }
    }

    @Override
    public void onClose() {
        takeChanges(clock.nanoTime());
        peers.values().forEach(PeerExchange::close);
        peers.clear();
        active.clear();
    }
}
