package org.pairspan.kms.policy.document;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.kms.policy.PolicyDecision.Allowed;

/**
 * What would change for the pairs of the members there are if one policy took the place of another. Members who stand alike in both are
 * dealt with alike, so pairs are counted by kinds of members: exact, however many members there are.
 *
 * @param allowed     pairs the newer policy allows
 * @param denied      pairs it denies
 * @param newlyAllowed of those, pairs that were denied
 * @param newlyDenied pairs that were allowed and are denied
 * @param changed     pairs that were allowed and still are, on other terms
 * @param idleRules   rules of the newer policy that decide about no pair
 * @param complete    whether all members were looked at
 */
public record Comparison(long allowed, long denied, Sample newlyAllowed, Sample newlyDenied, Sample changed, List<Rule> idleRules,
        boolean complete) {

    /** Kinds of members that are looked at. */
    static final int MOST_KINDS = 5_000;

    private static final int EXAMPLES = 5;

    /** How many pairs, and some of them: {@code site-a and site-b}, with the rule that decides. */
    public record Sample(long pairs, List<String> examples) {
    }

    /** Members with the same standings. */
    private record Kind(CompiledPolicy.Standing before, CompiledPolicy.Standing after) {
    }

    private static final class Tally {
        private long pairs;
        private final List<String> examples = new ArrayList<>();

        void add(long count, String one, String other, PolicyDecision decision) {
            pairs += count;
            if (examples.size() < EXAMPLES) {
                examples.add(one + " and " + other + switch (decision) {
                    case Allowed allowed -> " (rule '" + allowed.rule() + "')";
                    case PolicyDecision.Denied denied -> " (" + denied.reason() + ')';
                    case PolicyDecision.Undecided undecided -> " (" + undecided.why() + ')';
                });
            }
        }

        Sample sample() {
            return new Sample(pairs, List.copyOf(examples));
        }
    }

    /** Compares for these members, each once. */
    public static Comparison of(CompiledPolicy before, CompiledPolicy after, Collection<String> members) {
        Map<Kind, List<String>> kinds = new HashMap<>();
        boolean complete = true;
        for (String member : members) {
            Kind kind = new Kind(before.standing(member), after.standing(member));
            List<String> alike = kinds.get(kind);
            if (alike == null && kinds.size() == MOST_KINDS) {
                complete = false;
                continue;
            }
            kinds.computeIfAbsent(kind, any -> new ArrayList<>()).add(member);
        }
        return counted(before, after, List.copyOf(kinds.entrySet()), complete);
    }

    private static Comparison counted(CompiledPolicy before, CompiledPolicy after, List<Map.Entry<Kind, List<String>>> kinds,
            boolean complete) {
        long[] counts = new long[2];
        Tally newlyAllowed = new Tally();
        Tally newlyDenied = new Tally();
        Tally changed = new Tally();
        BitSet used = new BitSet();
        for (int i = 0; i < kinds.size(); i++) {
            for (int j = i; j < kinds.size(); j++) {
                List<String> some = kinds.get(i).getValue();
                List<String> others = kinds.get(j).getValue();
                long pairs = i == j ? (long) some.size() * (some.size() - 1) / 2 : (long) some.size() * others.size();
                if (pairs == 0) {
                    continue;
                }
                Kind one = kinds.get(i).getKey();
                Kind other = kinds.get(j).getKey();
                int rule = after.firstRule(one.after(), other.after());
                if (rule >= 0) {
                    used.set(rule);
                }
                PolicyDecision then = before.decide(one.before(), other.before());
                PolicyDecision now = after.decide(one.after(), other.after());
                boolean isAllowed = now instanceof Allowed;
                counts[isAllowed ? 1 : 0] += pairs;
                Tally tally = isAllowed != then instanceof Allowed ? isAllowed ? newlyAllowed : newlyDenied
                        : isAllowed && !alike((Allowed) then, (Allowed) now) ? changed : null;
                if (tally != null) {
                    tally.add(pairs, some.getFirst(), others.getLast(), now);
                }
            }
        }
        List<Rule> rules = after.document().rules();
        List<Rule> idle = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            if (!used.get(i)) {
                idle.add(rules.get(i));
            }
        }
        return new Comparison(counts[1], counts[0], newlyAllowed.sample(), newlyDenied.sample(), changed.sample(), List.copyOf(idle), complete);
    }

    /** Under whichever name of a rule. */
    private static boolean alike(Allowed one, Allowed other) {
        return one.suites().equals(other.suites()) && one.terms().equals(other.terms()) && one.keyLifetime().equals(other.keyLifetime())
                && one.source().equals(other.source());
    }
}
