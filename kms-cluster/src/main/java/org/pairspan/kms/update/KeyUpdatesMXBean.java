package org.pairspan.kms.update;

/**
 * Updates of pair keys, for operators. Operations fail with an {@link IllegalStateException} where the key service does not answer, or knows no
 * such member or update.
 */
public interface KeyUpdatesMXBean {

    /** Updates the key of one pair; returns the number of the update, as each of these does. */
    long rotatePair(String operator, String member, String peer);

    /** Updates every key of a member. */
    long rotateMember(String operator, String member);

    /** Updates every key. */
    long rotateAll(String operator);

    /** Ends an update: pairs that have not begun do not begin. What has begun goes on, at both members or at neither. */
    void cancel(String operator, long update);

    /** A line for each update: number, state, what of, how far. Newest first. */
    String[] getUpdates();

    /** Some of the pairs that are under way or wait, and where or for what. */
    String[] getPairs();
}
