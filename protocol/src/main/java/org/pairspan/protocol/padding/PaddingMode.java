package org.pairspan.protocol.padding;

/** What is hidden of the traffic to a peer. */
public enum PaddingMode {
    /** Nothing. */
    NONE,
    /** Exact lengths: each datagram is padded to a multiple of a number of bytes. */
    MULTIPLE,
    /** Lengths: each datagram is as long as the path allows. */
    FULL,
    /** Lengths and times: one full datagram goes every interval, a dummy where there is nothing to say, and nothing goes faster. */
    CONSTANT_RATE
}
