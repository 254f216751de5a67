package org.pairspan.kms.policy;

import java.util.List;
import java.util.Optional;
import org.pairspan.protocol.crypto.Suite;

/** What the policy says about a pair of members. */
public sealed interface PolicyDecision {

    /**
     * The two may talk.
     *
     * @param rule        name of the rule that decided
     * @param suites      they may use, best first; at least one
     * @param terms       what they are told
     * @param keyLifetime when their pair key is to be replaced
     * @param source      name of the key source their pair key is to come from; empty: the service's usual one
     */
    record Allowed(String rule, List<Suite> suites, PairTerms terms, KeyLifetime keyLifetime, Optional<String> source)
            implements PolicyDecision {

        public Allowed {
            suites = List.copyOf(suites);
        }

        /** Wire numbers of the suites that the policy and both members allow, the policy's best first. */
        public List<Integer> common(List<Integer> one, List<Integer> other) {
            return suites.stream().map(Suite::wireNumber).filter(number -> one.contains(number) && other.contains(number)).toList();
        }
    }

    /**
     * They may not.
     *
     * @param rule name of the rule that decided; empty where none means them, which is denied, too
     */
    record Denied(Optional<String> rule) implements PolicyDecision {

        /** For the audit log and operators; not for members. */
        public String reason() {
            return rule.map(name -> "rule '" + name + "' denies it").orElse("no rule allows it");
        }
    }

    /**
     * This server does not know the policy in force, and must not go on with an old one.
     *
     * @param why for the log
     */
    record Undecided(String why) implements PolicyDecision {
    }
}
