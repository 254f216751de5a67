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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The key exchanges with one peer in one generation. */
final class GenerationExchange {
    private static final Logger LOG = LoggerFactory.getLogger(GenerationExchange.class);

    private final ExchangeOutcome outcome;
    private final EpochExport export;
    private final AssociationGrant grant;
    private final Handshake handshake;
    private int attempt;
    private boolean underWay;
    private boolean failedBefore;

    /**
     * @param outcome told what comes of exchanges.
     * @param export  sees the keys before that.
     * @param grant   of the generation; its key exchange secret is this one's from now on.
     */
    GenerationExchange(TlsCrypto crypto, ExchangeOutcome outcome, EpochExport export, AssociationGrant grant, KeyExchange keyExchange) {
        this.outcome = outcome;
        this.export = export;
        this.grant = grant;
        handshake = new Handshake(crypto, HandshakeParameters.of(grant.ownId(), grant.ownNumber(), grant.peerId(), grant.peerNumber(),
                grant.keyVersion(), grant.generation(), grant.suite(), keyExchange), grant.handshakeKey());
    }

    long generation() {
        return grant.generation();
    }

    /** Whether an exchange was ever begun, which happens as soon as the generation is in use. */
    boolean wasUsed() {
        return attempt > 0;
    }

    /** Whether an exchange has given keys: then the peer has this generation. */
    boolean hasGivenKeys() {
        return handshake.newestEpoch() > 0;
    }

    /** @return false where this end can't begin an exchange for such an epoch. */
    boolean start(int epoch, long nowNs) {
        // Where the data thread asks for an epoch that was made already, it could not take those keys: the next one then.
        int next = Math.max(epoch, handshake.newestEpoch() + 1);
        if (!handshake.parameters().isClient() || next > Spi.MAX_EPOCH) {
            return false;
        }
        handshake.start(next, nowNs);
        afterwards(nowNs);
        return true;
    }

    boolean begins(DirectBuffer message, int offset, int length) {
        return handshake.begins(message, offset, length);
    }

    /** @return why the message was dropped; null when it was not. */
    DropReason onMessage(DirectBuffer message, int offset, int length, long nowNs) {
        DropReason fault = handshake.onMessage(message, offset, length, nowNs);
        afterwards(nowNs);
        return fault;
    }

    int doWork(long nowNs, ControlSink sink) {
        int work = handshake.doWork(nowNs, sink);
        afterwards(nowNs);
        return work;
    }

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
