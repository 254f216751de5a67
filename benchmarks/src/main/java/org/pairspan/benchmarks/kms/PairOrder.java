package org.pairspan.benchmarks.kms;

/**
 * The pairs of members in a fixed order in which neighbours have different members: pair {@code n} joins a member with the one
 * {@code n / members + 1} places further on.
 */
record PairOrder(int members) {

    int one(int pair) {
        return pair % members;
    }

    int other(int pair) {
        return (one(pair) + pair / members + 1) % members;
    }
}
