package org.pairspan.kms.policy;

/** How packets of a pair travel. */
public enum TrafficClass {
    /** As on any IP path (PS-5). */
    DATAGRAM,
    /** Repaired and in order (PS-6). */
    RELIABLE
}
