package org.pairspan.protocol.session;

import org.pairspan.protocol.alert.Alert;
import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.alert.ReceivedAlert;
import org.pairspan.protocol.flow.CongestionCounters;
import org.pairspan.protocol.heartbeat.Heartbeat;
import org.pairspan.protocol.heartbeat.LinkStatus;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.padding.TrafficPadding;
import org.pairspan.protocol.pathmtu.PathMtuDiscovery;
import org.pairspan.protocol.pathmtu.PathMtuState;
import org.pairspan.protocol.reliable.ReliableReceiver;
import org.pairspan.protocol.reliable.ReliableSender;
import org.pairspan.protocol.reliable.SenderCounters;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.wire.Counter;

/** What each protocol of a session shows to any thread; the round-trip time, which its owner alone may ask, is copied now and then. */
final class SessionGauges implements SessionTelemetry {
    private final Heartbeat heartbeat;
    private final Alert alert;
    private final PathMtuDiscovery pathMtu;
    private final TrafficPadding padding;
    private final CongestionCounters congestion;
    private final ReliableSender sender;
    private final ReliableReceiver receiver;
    private final Counter smoothedRtt = unknown();
    private final Counter rttVariation = unknown();
    private final Counter minimumRtt = unknown();
    private volatile KeyUpdate.State keyUpdateState = KeyUpdate.State.SETTLED;

    SessionGauges(Heartbeat heartbeat, Alert alert, PathMtuDiscovery pathMtu, TrafficPadding padding,
                  CongestionCounters congestion, ReliableSender sender, ReliableReceiver receiver) {
        this.heartbeat = heartbeat;
        this.alert = alert;
        this.pathMtu = pathMtu;
        this.padding = padding;
        this.congestion = congestion;
        this.sender = sender;
        this.receiver = receiver;
    }

    private static Counter unknown() {
        Counter counter = new Counter();
        counter.set(UNKNOWN);
        return counter;
    }

    /** Copies the round-trip time and the state of the key update. Owner thread only. */
    void publish(RttMeasurement roundTripTime, KeyUpdate keyUpdate) {
        if (keyUpdateState != keyUpdate.state()) {
            keyUpdateState = keyUpdate.state();
        }
        if (roundTripTime.smoothedNs() > 0) {
            smoothedRtt.set(roundTripTime.smoothedNs());
            rttVariation.set(roundTripTime.variationNs());
            minimumRtt.set(roundTripTime.minimumNs());
        }
    }

    @Override
    public LinkStatus link() {
        return heartbeat.status();
    }

    @Override
    public long timesDown() {
        return heartbeat.timesDown();
    }

    @Override
    public long heartbeatsSent() {
        return heartbeat.requestsSent();
    }

    @Override
    public long heartbeatReplies() {
        return heartbeat.repliesReceived();
    }

    @Override
    public long smoothedRttNs() {
        return smoothedRtt.get();
    }

    @Override
    public long rttVariationNs() {
        return rttVariation.get();
    }

    @Override
    public long minimumRttNs() {
        return minimumRtt.get();
    }

    @Override
    public KeyUpdate.State keyUpdate() {
        return keyUpdateState;
    }

    @Override
    public int pathMtu() {
        return pathMtu.size();
    }

    @Override
    public PathMtuState pathMtuState() {
        return pathMtu.state();
    }

    @Override
    public long blackHoles() {
        return pathMtu.blackHoles();
    }

    @Override
    public long alertsSent(AlertCode code) {
        return alert.sent(code);
    }

    @Override
    public long alertsReceived(AlertCode code) {
        return alert.received(code);
    }

    @Override
    public ReceivedAlert lastAlert() {
        return alert.last();
    }

    @Override
    public CongestionCounters congestion() {
        return congestion;
    }

    @Override
    public SenderCounters reliableSent() {
        return sender.counters();
    }

    @Override
    public long reliableDelivered() {
        return receiver.delivered();
    }

    @Override
    public long reliableDuplicates() {
        return receiver.duplicates();
    }

    @Override
    public long paddingBytes() {
        return padding.paddingBytes() + padding.dummyBytes();
    }

    @Override
    public long dummies() {
        return padding.dummies();
    }
}
