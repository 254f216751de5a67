package org.pairspan.kms.policy;

/** The policy in force. */
@FunctionalInterface
public interface PairPolicy {

    /**
     * What it says about two different members, named in either order. A look-up in memory; any thread.
     *
     * @param one   id of a member
     * @param other id of another
     */
    PolicyDecision decide(String one, String other);
}
