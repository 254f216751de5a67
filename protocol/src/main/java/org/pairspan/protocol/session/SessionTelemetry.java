package org.pairspan.protocol.session;

import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.alert.ReceivedAlert;
import org.pairspan.protocol.flow.CongestionCounters;
import org.pairspan.protocol.heartbeat.LinkStatus;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.pathmtu.PathMtuState;
import org.pairspan.protocol.reliable.SenderCounters;

/** What the protocols with one peer show. Any thread, without a lock; values may be some milliseconds old. */
public interface SessionTelemetry {
    /** {@link #smoothedRttNs()} and its kin while nothing was measured. */
    long UNKNOWN = -1;

    /** Whether the peer can be reached, why, and since when. */
    LinkStatus link();

    /** How often the link went down. */
    long timesDown();

    /** Heartbeat requests sent. */
    long heartbeatsSent();

    /** The peer's replies to them. */
    long heartbeatReplies();

    /** Smoothed round-trip time in nanoseconds, or {@link #UNKNOWN}. */
    long smoothedRttNs();

    /** Mean deviation of the round-trip time in nanoseconds, or {@link #UNKNOWN}. */
    long rttVariationNs();

    /** The shortest round-trip time of the last ten to twenty seconds in nanoseconds, or {@link #UNKNOWN}. */
    long minimumRttNs();

    /** Whether the keys are being replaced. */
    KeyUpdate.State keyUpdate();

    /** The largest packet in use towards the peer, IP header included, in bytes. */
    int pathMtu();

    /** Where the search for it stands. */
    PathMtuState pathMtuState();

    /** How often a size that had passed passed no more. */
    long blackHoles();

    /** Alerts sent of this code. */
    long alertsSent(AlertCode code);

    /** Alerts received of this code. */
    long alertsReceived(AlertCode code);

    /** The newest alert of the peer; null before the first. */
    ReceivedAlert lastAlert();

    /** What the congestion control of the reliable class counted. */
    CongestionCounters congestion();

    /** What the sending end of the reliable class counted. */
    SenderCounters reliableSent();

    /** Pieces of the reliable class delivered. */
    long reliableDelivered();

    /** Pieces of the reliable class that came more than once. */
    long reliableDuplicates();

    /** Bytes sent that carry nothing, dummy packets included. */
    long paddingBytes();

    /** Dummy packets sent. */
    long dummies();
}
