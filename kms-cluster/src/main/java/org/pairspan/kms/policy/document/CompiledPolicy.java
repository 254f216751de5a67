package org.pairspan.kms.policy.document;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.protocol.crypto.Suite;

/**
 * A document, ready to decide. For each member it knows on which side of which rules it stands; a decision is the lowest rule in which the
 * two stand on different sides. Any thread.
 */
public final class CompiledPolicy {

    /** Members whose standing is remembered; beyond, all are forgotten, which costs time only. */
    private static final int MOST_REMEMBERED = 200_000;

    /**
     * On which sides of which rules, by number, a member stands. Members with equal standings are dealt with alike.
     *
     * @param between rules with it on the one side
     * @param and     rules with it on the other
     */
    public record Standing(BitSet between, BitSet and) {

        private Standing() {
            this(new BitSet(), new BitSet());
        }

        private void add(Standing other) {
            between.or(other.between);
            and.or(other.and);
        }

        private int firstCommonRule(Standing other) {
            BitSet common = (BitSet) between.clone();
            common.and(other.and);
            int first = common.nextSetBit(0);
            BitSet crossed = (BitSet) and.clone();
            crossed.and(other.between);
            int second = crossed.nextSetBit(0);
            return first < 0 ? second : second < 0 ? first : Math.min(first, second);
        }
    }

    private final PolicyDocument document;
    private final PolicyDecision[] decisions;
    private final PolicyDecision none = new PolicyDecision.Denied(Optional.empty());
    private final Map<String, Standing> exact = new HashMap<>();
    private final List<Map.Entry<MemberPattern, Standing>> patterns = new ArrayList<>();
    private final Map<String, Standing> remembered = new ConcurrentHashMap<>();

    /**
     * @param suites that the service allows at all, its best first; those of rules are cut down to them
     */
    public CompiledPolicy(PolicyDocument document, List<Suite> suites) {
        this.document = document;
        List<Rule> rules = document.rules();
        decisions = new PolicyDecision[rules.size()];
        Map<MemberPattern, Standing> standings = new HashMap<>();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            int number = i;
            decisions[i] = decision(rule, suites);
            rule.between().all().forEach(pattern -> standings.computeIfAbsent(pattern, any -> new Standing()).between().set(number));
            rule.and().all().forEach(pattern -> standings.computeIfAbsent(pattern, any -> new Standing()).and().set(number));
        }
        standings.forEach((pattern, standing) -> {
            if (pattern.isExact()) {
                exact.put(pattern.text(), standing);
            } else {
                patterns.add(Map.entry(pattern, standing));
            }
        });
    }

    private static PolicyDecision decision(Rule rule, List<Suite> service) {
        return rule.parameters().<PolicyDecision>map(parameters -> {
            List<Suite> suites = parameters.suites().isEmpty() ? service : parameters.suites().stream().filter(service::contains).toList();
            return new PolicyDecision.Allowed(rule.name(), suites, parameters.terms(), parameters.keyLifetime(), parameters.source());
        }).orElseGet(() -> new PolicyDecision.Denied(Optional.of(rule.name())));
    }

    /** What it was made of. */
    public PolicyDocument document() {
        return document;
    }

    /** What it says about two different members, named in either order. */
    public PolicyDecision decide(String one, String other) {
        return decide(standing(one), standing(other));
    }

    /** What is decided about two different members with these standings. */
    public PolicyDecision decide(Standing one, Standing other) {
        int rule = firstRule(one, other);
        return rule < 0 ? none : decisions[rule];
    }

    /** Number of the rule that decides about two members, from 0; -1 where none does. */
    public int firstRule(Standing one, Standing other) {
        return one.firstCommonRule(other);
    }

    /** Where a member stands. Not to be changed. */
    public Standing standing(String member) {
        Standing known = remembered.get(member);
        if (known != null) {
            return known;
        }
        Standing standing = new Standing();
        Standing own = exact.get(member);
        if (own != null) {
            standing.add(own);
        }
        patterns.forEach(entry -> {
            if (entry.getKey().matches(member)) {
                standing.add(entry.getValue());
            }
        });
        if (remembered.size() >= MOST_REMEMBERED) {
            remembered.clear();
        }
        remembered.put(member, standing);
        return standing;
    }
}
