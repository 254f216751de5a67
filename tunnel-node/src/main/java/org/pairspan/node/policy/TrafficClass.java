package org.pairspan.node.policy;

/** How a packet that may pass travels to the peer. */
public enum TrafficClass {
    /** As on any IP path: it may be lost, or come out of order (PS-5). */
    DATAGRAM,
    /** Acknowledged, sent again where it was lost, and delivered in order (PS-6). */
    RELIABLE
}
