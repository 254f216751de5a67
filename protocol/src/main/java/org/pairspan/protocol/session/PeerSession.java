package org.pairspan.protocol.session;

import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.pairspan.protocol.alert.Alert;
import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.alert.ReceivedAlert;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.flow.Cubic;
import org.pairspan.protocol.heartbeat.Heartbeat;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.heartbeat.LinkStatus;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.padding.PaddedMessage;
import org.pairspan.protocol.padding.TrafficPadding;
import org.pairspan.protocol.pathmtu.PathMtuDiscovery;
import org.pairspan.protocol.reliable.ReliableReceiver;
import org.pairspan.protocol.reliable.ReliableSender;
import org.pairspan.protocol.rtt.RoundTripTime;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * The protocols with one peer, put together: heartbeat, alert, round-trip time, key
 * update, path MTU, padding and the reliable class. It outlives the
 * keys: generations and epochs of the association come and go under it. Control messages go by their type; what is due is sent in
 * {@link #doWork}, which costs next to nothing while nothing is.
 *
 * <p>One thread, but for {@link #telemetry()}; times are nanoseconds of one monotonic clock.
 */
public final class PeerSession {
    /** How long what is not urgent may wait for its turn. */
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final SessionEnvironment environment;
    private final KeyUpdate keyUpdate;
    private final DropCounters drops;
    private final Heartbeat heartbeat;
    private final Alert alert;
    private final RttMeasurement roundTripTime = new RttMeasurement();
    private final PathMtuDiscovery pathMtu;
    private final TrafficPadding padding;
    private final ReliableSender sender;
    private final ReliableReceiver receiver;
    private final ControlRouter router;
    private final SessionGauges gauges;
    /** Whether a message came that may want an answer now. */
    private boolean touched = true;
    private long nextLookNs;
    private long nowNs;
    private int capacityInUse;

    /**
     * A session that begins now.
     *
     * @param settings    of its protocols.
     * @param environment where it sends, and who is told.
     * @param keyUpdate   of the keys shared with the peer.
     * @param drops       where what is dropped is counted.
     * @param nowNs       the time.
     */
    public PeerSession(SessionSettings settings, SessionEnvironment environment, KeyUpdate keyUpdate, DropCounters drops, long nowNs) {
        this.environment = environment;
        this.keyUpdate = keyUpdate;
        this.drops = drops;
        this.heartbeat = new Heartbeat(settings.heartbeat(), environment.traffic(), this::onLinkChange, nowNs);
        this.alert = new Alert(this::onAlert, nowNs);
        this.pathMtu = new PathMtuDiscovery(settings.pathMtu(), this::onPathMtu, nowNs);
        this.capacityInUse = environment.listener().onPathMtu(pathMtu.size());
        this.padding = new TrafficPadding(settings.padding(), capacityInUse, nowNs);
        Cubic congestion = new Cubic(settings.reliableWindow());
        this.sender = new ReliableSender(settings.reliableWindow(), settings.pieceLength(), roundTripTime, congestion, drops);
        this.receiver = new ReliableReceiver(settings.instance(), settings.reliableWindow(), settings.pieceLength(), roundTripTime);
        receiver.messageCapacity(capacityInUse - PaddedMessage.HEADER_LENGTH);
        this.router = new ControlRouter(alert, drops, nowNs);
        this.gauges = new SessionGauges(heartbeat, alert, pathMtu, padding, congestion.counters(), sender, receiver);
        this.nextLookNs = nowNs;
    }

    /**
     * Takes a control message of the peer, authentic and not of the transport. What is of no use is counted and dropped.
     *
     * @param message holding it, its type first; free again when the call returns.
     * @param offset  where it begins.
     * @param length  its length in bytes, at least 1.
     * @param nowNs   the time.
     */
    public void onControl(DirectBuffer message, int offset, int length, long nowNs) {
        ControlType type = router.admit(message.getByte(offset), nowNs);
        if (type == null) {
            return;
        }
        touched = true;
        this.nowNs = nowNs;
        boolean wellFormed = switch (type) {
            case ACKNOWLEDGEMENT -> {
                sender.onMessage(message, offset, length, nowNs);
                receiver.onMessage(message, offset, length, nowNs);
                yield true;
            }
            case RTT -> {
                onRoundTripTime(message, offset, length, nowNs);
                yield true;
            }
            case HEARTBEAT -> heartbeat.onMessage(message, offset, length, nowNs);
            case ALERT -> alert.onMessage(message, offset, length, nowNs);
            case PATH_PROBE -> pathMtu.onMessage(message, offset, length, nowNs);
            case HANDSHAKE -> {
                environment.listener().onHandshakeMessage(message, offset, length);
                yield true;
            }
            case KEY_UPDATE -> onKeyUpdate(message, offset, length, nowNs);
            case TRANSPORT, PADDED -> false;
        };
        if (!wellFormed) {
            router.onMalformed(type);
        }
    }

    /**
     * Does what is due: answers, acknowledges, asks, probes, pads. Call each turn of the data thread, after payload had its own.
     *
     * @return how many packets were sent.
     */
    public int doWork(long nowNs) {
        if (dueInNs(nowNs) > 0) {
            return 0;
        }
        touched = false;
        this.nowNs = nowNs;
        ControlSink control = environment.control();
        int work = receiver.doWork(nowNs, control);
        work += sender.doWork(nowNs, control);
        work += heartbeat.doWork(nowNs, control);
        work += roundTripTime.doWork(nowNs, control);
        work += keyUpdate.doWork(nowNs, control);
        work += alert.doWork(nowNs, control);
        work += pathMtu.doWork(nowNs, control, environment.probes());
        work += padding.doWork(nowNs, environment.dummies());
        gauges.publish(roundTripTime, keyUpdate);
        nextLookNs = nowNs + Math.min(padding.dueInNs(nowNs), LOOK_INTERVAL_NS);
        return work;
    }

    /** Payload went to the peer or came from it: then the round-trip time is measured more often. */
    public void onPayload() {
        roundTripTime.onTraffic();
    }

    /** The sending end of the reliable class, for whoever cuts packets into pieces. */
    public ReliableSender reliableSender() {
        return sender;
    }

    /** The receiving end of the reliable class, for whoever puts pieces together. */
    public ReliableReceiver reliableReceiver() {
        return receiver;
    }

    /** Tells the peer, as soon as the rate of alerts allows. Costs next to nothing, however often. */
    public void raise(AlertCode code) {
        alert.raise(code);
    }

    /** The peer is reached at another address: whether the path is as wide as before is looked into at once. */
    public void onPathChange(long nowNs) {
        this.nowNs = nowNs;
        onPathMtu(pathMtu.size());
        pathMtu.confirm(nowNs);
        touched = true;
    }

    /** The round-trip time to the peer, as measured. */
    public RoundTripTime roundTripTime() {
        return roundTripTime;
    }

    /** The largest packet to use towards the peer now, IP header included, in bytes. */
    public int pathMtu() {
        return pathMtu.size();
    }

    /** How what goes to the peer is padded; for whoever protects it. */
    public TrafficPadding padding() {
        return padding;
    }

    /** Nanoseconds until {@link #doWork} wants to be called again, 0 when at once. */
    public long dueInNs(long nowNs) {
        if (touched) {
            return 0;
        }
        long reliable = Math.min(receiver.dueInNs(nowNs), sender.dueInNs(nowNs));
        return Math.max(0, Math.min(nextLookNs - nowNs, reliable));
    }

    /** Tells the peer that this node stops. Nothing is to be sent after it. */
    public void close() {
        alert.close(environment.control());
    }

    /** What the operator sees. */
    public SessionTelemetry telemetry() {
        return gauges;
    }

    @Override
    public String toString() {
        LinkStatus link = heartbeat.status();
        return "PeerSession[" + link.state() + ": " + link.reason().text() + ", path MTU " + pathMtu.size() + ']';
    }

    private void onLinkChange(LinkState before, LinkStatus now) {
        pathMtu.onReachable(now.state() == LinkState.UP, now.sinceNs());
        environment.listener().onLinkChange(before, now);
    }

    private void onAlert(ReceivedAlert received) {
        if (received.code() == AlertCode.CLOSE_NOTIFY) {
            heartbeat.onPeerClosing(received.timeNs());
        }
        environment.listener().onAlert(received);
    }

    private void onPathMtu(int packetLength) {
        int capacity = environment.listener().onPathMtu(packetLength);
        padding.capacity(capacity);
        receiver.messageCapacity(capacity - PaddedMessage.HEADER_LENGTH);
        // Less than before where the path is narrower, and where the peer has moved from IPv4 to IPv6, whose headers are longer.
        if (capacity < capacityInUse) {
            sender.abandon(nowNs);
        }
        capacityInUse = capacity;
    }

    private void onRoundTripTime(DirectBuffer message, int offset, int length, long now) {
        roundTripTime.onMessage(message, offset, length, now);
        if (roundTripTime.passes()) {
            pathMtu.onAnswer(roundTripTime.answeredNs());
        }
    }

    private boolean onKeyUpdate(DirectBuffer message, int offset, int length, long nowNs) {
        DropReason refused = keyUpdate.onMessage(message, offset, length, nowNs);
        if (refused != null && refused != DropReason.CONTROL_MALFORMED) {
            drops.increment(refused);
        }
        return refused != DropReason.CONTROL_MALFORMED;
    }
}
