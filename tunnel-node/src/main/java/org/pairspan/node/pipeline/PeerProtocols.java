package org.pairspan.node.pipeline;

import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.bearer.Bearer;
import org.pairspan.node.bearer.PeerStream;
import org.pairspan.node.handshake.Handshakes;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.alert.ReceivedAlert;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.heartbeat.LinkStatus;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.session.PeerSession;
import org.pairspan.protocol.session.SessionEnvironment;
import org.pairspan.protocol.session.SessionListener;
import org.pairspan.protocol.session.SessionSettings;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;
import org.pairspan.protocol.wire.TokenBucket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Ties the protocols with one peer ({@link PeerSession}) to this node: their messages go through the bearer, their keys come from the
 * thread of the key exchanges and from the key service, and the path MTU they find is the stream's. Data thread.
 */
final class PeerProtocols implements SessionListener, KeyUpdate.Successors {
    private static final Logger LOG = LoggerFactory.getLogger(PeerProtocols.class);
    private static final int ALERTS_LOGGED = 8;
    private static final long ALERT_LOG_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final Bearer bearer;
    private final PeerAssociations peer;
    private final PeerStream stream;
    private final Handshakes handshakes;
    private final KeyDemand demand;
    private final DropCounters drops;
    private final KeyUpdate keyUpdate;
    private final PeerSession session;
    private final TokenBucket alertLog;
    private int moves;
    private long nowNs;

    /**
     * @param bearer     by which messages go.
     * @param stream     to the peer.
     * @param handshakes that exchange keys.
     * @param demand     asked for generations.
     * @param rekey      limits at which keys are replaced.
     * @param settings   of the session.
     * @param drops      where what is dropped is counted.
     * @param nowNs      the time.
     */
    PeerProtocols(Bearer bearer, PeerStream stream, Handshakes handshakes, KeyDemand demand, SaLifetime rekey, SessionSettings settings,
            DropCounters drops, long nowNs) {
        this.bearer = bearer;
        this.peer = stream.peer();
        this.stream = stream;
        this.handshakes = handshakes;
        this.demand = demand;
        this.drops = drops;
        this.nowNs = nowNs;
        this.alertLog = new TokenBucket(ALERTS_LOGGED, ALERT_LOG_INTERVAL_NS, nowNs);
        this.keyUpdate = new KeyUpdate(peer.ownNumber() < peer.peerNumber(), rekey, peer, this);
        SessionEnvironment environment = new SessionEnvironment(this::sendControl, this::sendProbe, this::sendDummy,
                peer.packetsIn()::get, this);
        this.session = new PeerSession(settings, environment, keyUpdate, drops, nowNs);
        this.moves = peer.address().moves();
        stream.padding(session.padding());
    }

    PeerSession session() {
        return session;
    }

    /** Does what is due: how many packets were sent. */
    int doWork(long now) {
        nowNs = now;
        if (moves != peer.address().moves()) {
            moves = peer.address().moves();
            session.onPathChange(now);
        }
        return session.doWork(now);
    }

    /** A few times a second. */
    void keepHouse(long now) {
        stream.followPath(now);
    }

    /** When the reliable class or padding at a constant rate has something to send; other timers can wait for a turn. */
    long urgentInNs(long now) {
        long reliable = Math.min(session.reliableSender().dueInNs(now), session.reliableReceiver().dueInNs(now));
        return Math.min(reliable, session.padding().dueInNs(now));
    }

    /** Tells the peer that this node stops. */
    void close(long now) {
        nowNs = now;
        session.close();
    }

    void onControl(DirectBuffer message, int offset, int length, long now) {
        nowNs = now;
        session.onControl(message, offset, length, now);
        peer.roundTrip(session.roundTripTime().minimumNs(), session.roundTripTime().smoothedNs());
    }

    /** A key exchange that was begun here gives no keys. */
    void onExchangeFailed(long generation, int epoch, long now) {
        keyUpdate.onFailed(generation, epoch, now);
        session.raise(AlertCode.HANDSHAKE_FAILURE);
    }

    @Override
    public boolean exchange(long generation, int epoch) {
        return handshakes.exchange(peer.peerNumber(), generation, epoch);
    }

    @Override
    public void renew(long aboveGeneration) {
        demand.renew(peer.peerNumber(), Math.max(aboveGeneration, peer.latestGeneration()));
    }

    @Override
    public void onHandshakeMessage(DirectBuffer message, int offset, int length) {
        DropReason refused = handshakes.onMessage(peer.peerNumber(), message, offset, length);
        if (refused != null) {
            drops.increment(refused);
        }
    }

    @Override
    public int onPathMtu(int packetLength) {
        stream.pathMtu(packetLength);
        return stream.plaintextCapacity();
    }

    /** Shown by the session's telemetry; what is sent goes on: the peer may hear us though we do not hear it. */
    @Override
    public void onLinkChange(LinkState before, LinkStatus now) {
        boolean doubtful = before == LinkState.SUSPECT && now.state() == LinkState.UP || now.state() == LinkState.SUSPECT;
        LOG.atLevel(doubtful ? Level.DEBUG : Level.INFO).log("{}: {} ({})", peer.peerId(), now.state(), now.reason().text());
    }

    /** Logged seldom, as the peer may send many; all are counted. A peer that stops is logged as a link that is down. */
    @Override
    public void onAlert(ReceivedAlert alert) {
        if (alert.code() != AlertCode.CLOSE_NOTIFY && alertLog.take(alert.timeNs())) {
            LOG.warn("{} says {}: {} ({} times)", peer.peerId(), alert.code().text(), alert.code().meaning(), alert.occurrences());
        }
    }

    private boolean sendControl(DirectBuffer message, int offset, int length) {
        return bearer.sendControl(peer, message, offset, length, nowNs);
    }

    private boolean sendProbe(DirectBuffer message, int offset, int length, int packetLength) {
        return bearer.sendProbe(peer, message, offset, length, packetLength, nowNs);
    }

    private boolean sendDummy(int plaintextLength) {
        return bearer.sendDummy(peer, plaintextLength, nowNs);
    }
}
