package org.pairspan.node.handshake;

import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.handshake.HandshakeMessage;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.wire.DropReason;
import org.pairspan.protocol.wire.TokenBucket;

/**
 * The key exchanges with one peer: in its newest generation, and in the one in use until the newest has given keys. The peer may have no
 * key server to get the newest from, and the tunnel must go on.
 */
final class PeerExchange {
    /** Exchanges that a peer can make us compute at once, and one more in each interval. */
    static final int BURST = 5;
    static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final TlsCrypto crypto;
    private final ExchangeOutcome outcome;
    private final EpochExport export;
    private final int peerNumber;
    private final ControlSink sink;
    private final TokenBucket attempts;
    private GenerationExchange newest;
    /** Of the generation in use where that is not the newest; null where there is none. */
    private GenerationExchange older;
    /** Whether the agent has this one among those with something to do. */
    boolean active;

    PeerExchange(TlsCrypto crypto, ExchangeOutcome outcome, EpochExport export, int peerNumber, long nowNs) {
        this.crypto = crypto;
        this.outcome = outcome;
        this.export = export;
        this.peerNumber = peerNumber;
        attempts = new TokenBucket(BURST, INTERVAL_NS, nowNs);
        sink = (message, offset, length) -> {
            byte[] copy = new byte[length];
            message.getBytes(offset, copy);
            outcome.send(peerNumber, copy);
            return true;
        };
    }

    /** A generation comes. Of those before it the one in use stays. */
    void install(AssociationGrant newer, KeyExchange keyExchange) {
        if (newest != null) {
            if (older == null || newest.wasUsed()) {
                closeOlder();
                older = newest;
            } else {
                newest.close();
            }
        }
        newest = new GenerationExchange(crypto, outcome, export, newer, keyExchange);
    }

    /** Ends what is under way in generations before this one. */
    void retire(long generation) {
        if (older != null && older.generation() < generation) {
            closeOlder();
        }
    }

    void start(long generation, int epoch, long nowNs) {
        GenerationExchange exchange = of(generation);
        if (exchange.generation() != generation || !exchange.start(epoch, nowNs)) {
            outcome.failed(peerNumber, generation, epoch);
        }
    }

    /** @return why the message was dropped; null when it was not. */
    DropReason onMessage(DirectBuffer message, int offset, int length, long nowNs) {
        if (!HandshakeMessage.isWellFormed(message, offset, length)) {
            return DropReason.CONTROL_MALFORMED;
        }
        GenerationExchange exchange = of(HandshakeMessage.generation(message, offset));
        if (exchange.begins(message, offset, length) && !attempts.take(nowNs)) {
            return DropReason.HANDSHAKE_FLOOD;
        }
        DropReason fault = exchange.onMessage(message, offset, length, nowNs);
        closeOlderWhenDone();
        return fault;
    }

    int doWork(long nowNs) {
        int work = newest.doWork(nowNs, sink) + (older == null ? 0 : older.doWork(nowNs, sink));
        closeOlderWhenDone();
        return work;
    }

    /** Whether time alone may give this one something to do. */
    boolean hasTimers() {
        return newest.hasTimers() || older != null && older.hasTimers();
    }

    private GenerationExchange of(long generation) {
        return older != null && older.generation() == generation ? older : newest;
    }

    private void closeOlderWhenDone() {
        if (newest.hasGivenKeys()) {
            closeOlder();
        }
    }

    private void closeOlder() {
        if (older != null) {
            older.close();
            older = null;
        }
    }

    /** Wipes every secret. */
    void close() {
        closeOlder();
        newest.close();
    }
}
