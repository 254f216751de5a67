package org.pairspan.node.handshake;

import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.handshake.EpochKeys;
import org.pairspan.protocol.handshake.Handshake;
import org.pairspan.protocol.handshake.HandshakeParameters;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.wire.DropReason;
import org.pairspan.protocol.wire.TokenBucket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The key exchanges with one peer, in its newest generation. */
final class PeerExchange {
    /** Exchanges that a peer can make us compute at once, and one more in each interval. */
    static final int BURST = 5;
    static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Logger LOG = LoggerFactory.getLogger(PeerExchange.class);

    private final TlsCrypto crypto;
    private final ExchangeOutcome outcome;
    private final EpochExport export;
    private final ControlSink sink;
    private final TokenBucket attempts;
    private AssociationGrant grant;
    private Handshake handshake;
    private int attempt;
    private boolean underWay;
    private boolean failedBefore;
    /** Whether the agent has this one among those with something to do. */
    boolean active;

    PeerExchange(TlsCrypto crypto, ExchangeOutcome outcome, EpochExport export, int peerNumber, long nowNs) {
        this.crypto = crypto;
        this.outcome = outcome;
        this.export = export;
        attempts = new TokenBucket(BURST, INTERVAL_NS, nowNs);
        sink = (message, offset, length) -> {
            byte[] copy = new byte[length];
            message.getBytes(offset, copy);
            outcome.send(peerNumber, copy);
            return true;
        };
    }

    /** A generation takes the place of the one before, with all that was under way in it. */
    void install(AssociationGrant newer, KeyExchange keyExchange) {
        if (handshake != null) {
            handshake.close();
        }
        grant = newer;
        handshake = new Handshake(crypto, HandshakeParameters.of(newer.ownId(), newer.ownNumber(), newer.peerId(), newer.peerNumber(),
                newer.keyVersion(), newer.generation(), newer.suite(), keyExchange), newer.handshakeKey());
        attempt = handshake.attempt();
        underWay = false;
        failedBefore = false;
    }

    void start(long generation, int epoch, long nowNs) {
        // Where the data thread asks for an epoch that was made already, it could not take those keys: the next one then.
        int next = Math.max(epoch, handshake.newestEpoch() + 1);
        boolean possible = generation == grant.generation() && handshake.parameters().isClient() && next <= Spi.MAX_EPOCH;
        if (!possible) {
            outcome.failed(grant.peerNumber(), generation, epoch);
            return;
        }
        handshake.start(next, nowNs);
        afterwards(nowNs);
    }

    /** @return why the message was dropped; null when it was not. */
    DropReason onMessage(DirectBuffer message, int offset, int length, long nowNs) {
        if (handshake.begins(message, offset, length) && !attempts.take(nowNs)) {
            return DropReason.HANDSHAKE_FLOOD;
        }
        DropReason fault = handshake.onMessage(message, offset, length, nowNs);
        afterwards(nowNs);
        return fault;
    }

    int doWork(long nowNs) {
        int work = handshake.doWork(nowNs, sink);
        afterwards(nowNs);
        return work;
    }

    /** Whether time alone may give this one something to do. */
    boolean hasTimers() {
        return handshake.state() == Handshake.State.FLIGHTS || handshake.state() == Handshake.State.CONFIRMING;
    }

    private void afterwards(long nowNs) {
        if (handshake.attempt() != attempt) {
            attempt = handshake.attempt();
            underWay = true;
        }
        EpochKeys keys = handshake.takeKeys();
        if (keys != null) {
            onCompleted(keys, nowNs);
        } else if (handshake.state() == Handshake.State.FAILED && underWay) {
            onFailed();
        }
    }

    private void onCompleted(EpochKeys keys, long nowNs) {
        underWay = false;
        failedBefore = false;
        LOG.atLevel(keys.epoch() == 1 ? Level.INFO : Level.DEBUG)
                .log("Keys exchanged with {}: generation {}, epoch {}, {}, {} ms", grant.peerId(), grant.generation(), keys.epoch(),
                        handshake.parameters().keyExchange().wireName(), TimeUnit.NANOSECONDS.toMillis(nowNs - handshake.startedAtNs()));
        export.onEpoch(grant, keys);
        outcome.completed(grant.peerNumber(), grant.generation(), keys);
    }

    private void onFailed() {
        underWay = false;
        LOG.atLevel(failedBefore ? Level.DEBUG : Level.WARN)
                .log("No keys could be exchanged with {}: generation {}, epoch {}, {}: {}", grant.peerId(), grant.generation(),
                        handshake.epoch(), handshake.parameters().keyExchange().wireName(), handshake.failure());
        failedBefore = true;
        outcome.failed(grant.peerNumber(), grant.generation(), handshake.epoch());
    }

    /** Wipes every secret. */
    void close() {
        handshake.close();
    }
}
