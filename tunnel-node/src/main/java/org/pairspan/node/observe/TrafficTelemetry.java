package org.pairspan.node.observe;

/** Counters of what went through, readable by any thread without a lock. Each only grows. */
public interface TrafficTelemetry {
    /** Packets taken from the device and handed to a tunnel. */
    long packetsOut();

    /** Bytes of these packets, without what protection adds. */
    long bytesOut();

    /** Packets from a tunnel given to the device. */
    long packetsIn();

    /** Bytes of these packets. */
    long bytesIn();
}
