package org.pairspan.kms.policy.document;

import java.util.List;
import java.util.Optional;
import org.pairspan.kms.policy.KeyLifetime;
import org.pairspan.kms.policy.PairTerms;
import org.pairspan.protocol.crypto.Suite;

/**
 * How the pairs of a rule that allows are to talk.
 *
 * @param suites best first; empty: those of the service
 * @param source of their keys; empty: the service's usual one
 */
public record Parameters(List<Suite> suites, PairTerms terms, KeyLifetime keyLifetime, Optional<String> source) {

    /** Where nothing is said. */
    static final Parameters NONE = new Parameters(List.of(), PairTerms.NONE, KeyLifetime.UNLIMITED, Optional.empty());

    public Parameters {
        suites = List.copyOf(suites);
    }
}
