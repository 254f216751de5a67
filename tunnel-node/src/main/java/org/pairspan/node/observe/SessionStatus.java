package org.pairspan.node.observe;

import java.util.Map;
import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.heartbeat.LinkReason;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.heartbeat.LinkStatus;

/**
 * What the protocols between this node and one peer know at one moment.
 *
 * @param link           whether the peer can be reached, and why.
 * @param roundTrip      how long a datagram takes to the peer and back.
 * @param pathMtu        largest IP packet that reaches the peer, bytes; 0 while it is not known.
 * @param reliable       what went by the reliable class, which the peer's counters of traffic hold too.
 * @param padding        what traffic padding has cost.
 * @param alertsSent     alerts to the peer; only codes that were sent.
 * @param alertsReceived alerts of the peer; only codes that came.
 */
public record SessionStatus(LinkStatus link, RoundTrip roundTrip, int pathMtu, Reliable reliable, Padding padding,
        Map<AlertCode, Long> alertsSent, Map<AlertCode, Long> alertsReceived) {
    /** Of a peer with which no protocol has begun. */
    public static final SessionStatus NONE = new SessionStatus(new LinkStatus(LinkState.UNKNOWN, LinkReason.CREATED, System.nanoTime()),
            RoundTrip.UNKNOWN, 0, new Reliable(0, 0, 0, 0, 0), new Padding(0, 0), Map.of(), Map.of());

    /** Keeps the maps from changing. */
    public SessionStatus {
        alertsSent = Map.copyOf(alertsSent);
        alertsReceived = Map.copyOf(alertsReceived);
    }

    /**
     * Round-trip time (PS-7).
     *
     * @param smoothedNs  the average, nanoseconds; -1 while it is not known.
     * @param variationNs how far measurements are from it on average; likewise.
     * @param minimumNs   the shortest of late; likewise.
     */
    public record RoundTrip(long smoothedNs, long variationNs, long minimumNs) {
        /** Nothing was measured yet. */
        public static final RoundTrip UNKNOWN = new RoundTrip(-1, -1, -1);
    }

    /**
     * The reliable class (PS-6) since the tunnel was made.
     *
     * @param packetsOut      IP packets sent.
     * @param bytesOut        of them.
     * @param packetsIn       IP packets received.
     * @param bytesIn         of them.
     * @param retransmissions pieces of packets sent again.
     */
    public record Reliable(long packetsOut, long bytesOut, long packetsIn, long bytesIn, long retransmissions) {
    }

    /**
     * Traffic padding (PS-13) since the tunnel was made.
     *
     * @param bytes   sent that carry nothing, dummy packets included.
     * @param dummies packets sent that carry nothing.
     */
    public record Padding(long bytes, long dummies) {
    }
}
