package org.pairspan.protocol.rtt;

/** What is known of the round-trip time to one peer, for the protocols that wait for answers. Nanoseconds. Owner thread only. */
public interface RoundTripTime {
    /**
     * Takes one more measurement. One that is not positive or longer than ten seconds (a clock that jumped) changes nothing.
     *
     * @param rttNs from sending to the answer, without the time the peer says it waited.
     * @param nowNs the time now.
     */
    void onSample(long rttNs, long nowNs);

    /** Smoothed round-trip time (RFC 6298); 0 before the first sample. */
    long smoothedNs();

    /** The smallest round-trip time of the last ten to twenty seconds; 0 before the first sample. */
    long minimumNs();

    /**
     * How long to wait for an answer before it counts as missing: RFC 6298 section 2, and the time that an acknowledgement may wait.
     * Doubled for each time it already did (section 5.5), within {@link RttMeasurement#MIN_RTO_NS} and {@link RttMeasurement#MAX_RTO_NS}.
     *
     * @param backoffs how often in a row no answer came, 0 or more.
     */
    long rtoNs(int backoffs);
}
