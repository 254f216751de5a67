package org.pairspan.kms.policy;

/** The policy in force. */
public interface PairPolicy {

    /**
     * What it says about two different members, named in either order. A look-up in memory; any thread.
     *
     * @param one   id of a member
     * @param other id of another
     */
    PolicyDecision decide(String one, String other);

    /** Number of the version it decides by; -1 where none is known yet. Any thread. */
    long version();
}
