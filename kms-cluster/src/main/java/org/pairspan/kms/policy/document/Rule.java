package org.pairspan.kms.policy.document;

import java.util.Optional;

/**
 * One rule: about the pairs of which one member is on the one side and the other one on the other.
 *
 * @param line       where it stands
 * @param between    one side
 * @param and        the other; the two may overlap
 * @param parameters of a rule that allows; empty in one that denies
 */
public record Rule(String name, int line, Side between, Side and, Optional<Parameters> parameters) {

    /** Whether it allows. */
    public boolean allows() {
        return parameters.isPresent();
    }

    /** Whether every pair of the other rule is this rule's, too; may say no where that would be hard to see. */
    boolean covers(Rule other) {
        return between.covers(other.between) && and.covers(other.and) || between.covers(other.and) && and.covers(other.between);
    }
}
