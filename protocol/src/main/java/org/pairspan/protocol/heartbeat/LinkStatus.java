package org.pairspan.protocol.heartbeat;

/**
 * A link's state, for observers.
 *
 * @param state   it is in.
 * @param reason  why.
 * @param sinceNs when it came to be so, in the clock of the data thread.
 */
public record LinkStatus(LinkState state, LinkReason reason, long sinceNs) {
}
