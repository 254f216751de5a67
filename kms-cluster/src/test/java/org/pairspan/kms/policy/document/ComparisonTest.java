package org.pairspan.kms.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.crypto.Suite;

class ComparisonTest {

    private static final List<Suite> SERVICE = List.of(Suite.AES_256_GCM);
    private static final Set<String> MEMBERS = IntStream.range(0, 100).mapToObj(i -> i < 40 ? "branch-" + i : i < 90 ? "shop-" + i : "hq-" + i)
            .collect(Collectors.toCollection(LinkedHashSet::new));

    @Test
    void whatWouldChangeIsCountedForEveryPairOfMembers() throws PolicyDocumentException {
        CompiledPolicy before = compiled("""
                { name = all, action = allow, between = "*", and = "*" }
                """);
        CompiledPolicy after = compiled("""
                { name = no-branches, action = deny, between = "branch-*", and = "branch-*" }
                { name = strict, action = allow, between = "hq-*", and = "*", strict = true }
                { name = shops, action = allow, between = "shop-*", and = "shop-*" }
                { name = nobody, action = allow, between = "plant-*", and = "*" }
                """);

        Comparison comparison = Comparison.of(before, after, MEMBERS);

        long branches = 40 * 39 / 2;
        long crossed = 40 * 50;
        assertEquals(branches + crossed, comparison.newlyDenied().pairs());
        assertEquals(10 * 9 / 2 + 10 * 90, comparison.changed().pairs(), "hq with everybody is strict now");
        assertEquals(0, comparison.newlyAllowed().pairs());
        assertEquals(100 * 99 / 2, comparison.allowed() + comparison.denied());
        assertEquals(List.of("nobody"), comparison.idleRules().stream().map(Rule::name).toList());
        assertEquals(branches + crossed, Comparison.of(after, before, MEMBERS).newlyAllowed().pairs());
        assertTrue(comparison.newlyDenied().examples().stream().anyMatch(example -> example.endsWith("(rule 'no-branches' denies it)")),
                comparison::toString);
    }

    @Test
    void whatIsProbablyNotMeantSoIsDoubted() throws PolicyDocumentException {
        PolicyDocument document = PolicyDocument.parse("""
                key-policy {
                  groups {
                    plants = ["plant-*"]
                    unused = ["shop-1"]
                    branches = ["branch-*"]
                  }
                  rules = [
                    { name = first, action = allow, between = "@branches", and = "*" }
                    { name = covered, action = deny, between = "hq-1", and = "branch-7" }
                    { name = itself, action = allow, between = hq-1, and = hq-1 }
                    { name = idle, action = allow, between = "@plants", and = hq-90 }
                    { name = foreign, action = allow, between = "shop-*", and = "hq-*", suites = [sm4-gcm] }
                  ]
                }
                """);
        CompiledPolicy policy = new CompiledPolicy(document, SERVICE);

        List<String> doubts = Doubts.about(document, SERVICE, MEMBERS, Comparison.of(policy, policy, MEMBERS).idleRules());

        assertEquals(List.of("line 3: group @plants has no member that is registered",
                "line 4: group @unused has no member that is registered",
                "line 4: group @unused is in no rule and in no other group",
                "line 9: rule 'covered' can never fit: rule 'first' decides about all of its pairs before it",
                "line 10: rule 'itself' can never fit: both its sides are the same member",
                "line 11: rule 'idle' decides about no pair of the members that are registered",
                "line 12: rule 'foreign' gives no key to anybody: the service (association.suites) allows none of its suites"), doubts);
    }

    private static CompiledPolicy compiled(String rules) throws PolicyDocumentException {
        return new CompiledPolicy(PolicyDocument.parse("key-policy { rules = [\n" + rules + "] }"), SERVICE);
    }
}
