package org.pairspan.node.observe;

import java.util.concurrent.TimeUnit;
import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.alert.ReceivedAlert;
import org.pairspan.protocol.flow.CongestionCounters;
import org.pairspan.protocol.flow.Cubic;
import org.pairspan.protocol.heartbeat.LinkReason;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.heartbeat.LinkStatus;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.pathmtu.PathMtuState;
import org.pairspan.protocol.reliable.ReliableSender;
import org.pairspan.protocol.reliable.SenderCounters;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.session.SessionTelemetry;
import org.pairspan.protocol.wire.DropCounters;

/** A session in which something has happened to every protocol. */
final class FakeSession implements SessionTelemetry {
    @Override
    public LinkStatus link() {
        return new LinkStatus(LinkState.UP, LinkReason.HEARTBEAT_REPLY, 2_000_000);
    }

    @Override
    public long timesDown() {
        return 3;
    }

    @Override
    public long heartbeatsSent() {
        return 0;
    }

    @Override
    public long heartbeatReplies() {
        return 0;
    }

    @Override
    public long smoothedRttNs() {
        return 30;
    }

    @Override
    public long rttVariationNs() {
        return 20;
    }

    @Override
    public long minimumRttNs() {
        return 10;
    }

    @Override
    public KeyUpdate.State keyUpdate() {
        return KeyUpdate.State.EXCHANGING;
    }

    @Override
    public int pathMtu() {
        return 1480;
    }

    @Override
    public PathMtuState pathMtuState() {
        return PathMtuState.SEARCH_COMPLETE;
    }

    @Override
    public long blackHoles() {
        return 0;
    }

    @Override
    public long alertsSent(AlertCode code) {
        return code == AlertCode.ACCESS_DENIED ? 18 : 0;
    }

    @Override
    public long alertsReceived(AlertCode code) {
        return code == AlertCode.CLOSE_NOTIFY ? 19 : 0;
    }

    @Override
    public ReceivedAlert lastAlert() {
        return null;
    }

    /** A path that becomes longer, then a queue on it that goes, a round each second; then three times nothing arrives. */
    @Override
    public CongestionCounters congestion() {
        Cubic cubic = new Cubic(128);
        for (int second = 0; second <= 18; second++) {
            int rttMs = second == 0 ? 1 : second >= 10 && second < 18 ? 200 : 100;
            round(cubic, rttMs, second);
        }
        for (int i = 0; i < 3; i++) {
            cubic.onPersistentCongestion(TimeUnit.SECONDS.toNanos(18));
        }
        round(cubic, 100, 19);
        return cubic.counters();
    }

    private static void round(Cubic cubic, int rttMs, int second) {
        long nowNs = TimeUnit.SECONDS.toNanos(second);
        cubic.onRoundTrip(TimeUnit.MILLISECONDS.toNanos(rttMs), nowNs);
        cubic.onAcknowledged(1, nowNs, false, nowNs);
    }

    @Override
    public SenderCounters reliableSent() {
        return new ReliableSender(128, 1400, new RttMeasurement(), new Cubic(128), new DropCounters()).counters();
    }

    @Override
    public long reliableDelivered() {
        return 0;
    }

    @Override
    public long reliableDuplicates() {
        return 0;
    }

    @Override
    public long paddingBytes() {
        return 16;
    }

    @Override
    public long dummies() {
        return 17;
    }
}
