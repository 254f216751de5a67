package org.pairspan.kms.policy.keeping;

import java.time.Instant;
import org.pairspan.kms.cluster.ClusterMessage;

/**
 * A policy that is, or was, in force.
 *
 * @param number   from 1, in the order in which they came into force; 0 is what a new installation comes with
 * @param timeMs   when, milliseconds since 1970; 0 for version 0
 * @param operator who
 * @param comment  why
 * @param text     the document; empty in lists
 */
public record PolicyVersion(long number, long timeMs, String operator, String comment, String text) implements ClusterMessage {

    PolicyVersion withoutText() {
        return new PolicyVersion(number, timeMs, operator, comment, "");
    }

    /** One line for operators. */
    String line() {
        return number == 0 ? "version 0, what a new installation comes with"
                : "version " + number + ", " + Instant.ofEpochMilli(timeMs) + ", " + operator + ": " + comment;
    }
}
