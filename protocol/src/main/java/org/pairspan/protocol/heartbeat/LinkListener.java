package org.pairspan.protocol.heartbeat;

/** Told when a link changes its state, on the thread that runs the heartbeat. */
@FunctionalInterface
public interface LinkListener {
    /**
     * The link has another state.
     *
     * @param before what it was.
     * @param now    what it is, with reason and time.
     */
    void onLinkChange(LinkState before, LinkStatus now);
}
