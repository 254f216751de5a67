package org.pairspan.protocol.heartbeat;

/** Whether the peer can be reached. */
public enum LinkState {
    /** Nothing authentic has come from the peer yet, and it has not been asked often enough to call it down. */
    UNKNOWN,
    /** Something authentic came within the last two intervals. */
    UP,
    /** The peer was up, and has left at least one request unanswered for an interval. */
    SUSPECT,
    /** The peer has left every request unanswered, has said that it stops, or hears nothing of what is sent to it. */
    DOWN
}
