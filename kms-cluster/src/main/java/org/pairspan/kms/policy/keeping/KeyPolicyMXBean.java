package org.pairspan.kms.policy.keeping;

import java.util.List;

/**
 * The policy of the key service for operators, {@code org.pairspan:type=KeyPolicy,name=<server>}. Operations ask the cluster and fail with
 * an {@link IllegalStateException} where it does not answer within some seconds; what an operator gave wrongly is an
 * {@link IllegalArgumentException}. A version of -1 is the one in force.
 */
public interface KeyPolicyMXBean {

    /** Number of the version this server decides by; -1 where it knows none yet. */
    long getVersion();

    /** {@code current}, or why this server refuses to hand out keys. */
    String getState();

    /** Number of the version in force, asked of the cluster now. */
    long newestVersion();

    /** Where the version is from: number, time, operator, comment, in one line. */
    String describe(long version);

    /** The document. */
    String text(long version);

    /** A line for each version that is kept, the newest first, and one on which key servers hold it. */
    List<String> history();

    /**
     * What a document would change if it took the place of the version in force. Changes nothing.
     *
     * @return lines for the operator
     * @throws IllegalArgumentException where it has faults; the message tells all of them
     */
    List<String> check(String text);

    /**
     * Puts a document in force, everywhere within seconds.
     *
     * @param operator who does it
     * @param base     the version that the operator has seen in force; nothing is done where it is another one by now
     * @param comment  why, 1 to 200 characters
     * @return what was done, in one line
     */
    String apply(String operator, long base, String comment, String text);

    /** Puts the document of an earlier version in force again, as a new version; see {@link #apply}. */
    String rollback(String operator, long base, long version);

    /** What is decided about two members, by which rule, on which terms: lines for the operator. */
    List<String> explain(String one, String other);
}
