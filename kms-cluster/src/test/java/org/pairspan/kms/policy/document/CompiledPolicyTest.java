package org.pairspan.kms.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.kms.policy.PolicyDecision.Allowed;
import org.pairspan.kms.policy.PolicyDecision.Denied;
import org.pairspan.protocol.crypto.Suite;

class CompiledPolicyTest {

    private static final List<Suite> SERVICE = List.of(Suite.AES_256_GCM, Suite.CHACHA20_POLY1305);

    @Test
    void theFirstRuleAboutAPairDecidesInEitherOrderAndNoneDenies() throws PolicyDocumentException {
        CompiledPolicy policy = compiled("""
                key-policy {
                  groups { branches = ["branch-*"] }
                  rules = [
                    { name = exception, action = allow, between = branch-1, and = branch-2 }
                    { name = apart, action = deny, between = "@branches", and = "@branches" }
                    { name = hq, action = allow, between = "@branches", and = hq }
                  ]
                }
                """);

        assertEquals("exception", ((Allowed) policy.decide("branch-1", "branch-2")).rule());
        assertEquals("exception", ((Allowed) policy.decide("branch-2", "branch-1")).rule());
        assertEquals(new Denied(Optional.of("apart")), policy.decide("branch-1", "branch-3"));
        assertEquals("hq", ((Allowed) policy.decide("hq", "branch-9")).rule());
        assertEquals(new Denied(Optional.empty()), policy.decide("hq", "stranger"));
    }

    @Test
    void suitesOfARuleAreCutDownToThoseOfTheService() throws PolicyDocumentException {
        CompiledPolicy policy = compiled("""
                key-policy { rules = [
                  { name = own, action = allow, between = a, and = b, suites = [sm4-gcm, chacha20-poly1305] }
                  { name = usual, action = allow, between = a, and = c }
                ] }
                """);

        assertEquals(List.of(Suite.CHACHA20_POLY1305), assertInstanceOf(Allowed.class, policy.decide("a", "b")).suites());
        assertEquals(SERVICE, assertInstanceOf(Allowed.class, policy.decide("c", "a")).suites());
        assertEquals(List.of(2), ((Allowed) policy.decide("a", "c")).common(List.of(3, 2), List.of(2)));
    }

    @Test
    void decisionsAreThoseOfANaiveReading() throws PolicyDocumentException {
        long seed = Long.getLong("pairspan.seed", System.nanoTime());
        System.out.println("policy seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            PolicyDocument document = PolicyDocument.parse(randomDocument(random));
            CompiledPolicy policy = new CompiledPolicy(document, SERVICE);
            for (int pair = 0; pair < 60; pair++) {
                String one = randomId(random);
                String other = randomId(random) + "x";
                assertEquals(naive(document, one, other), ruleOf(policy.decide(one, other)), () -> "seed " + seed + ": " + one + ' ' + other);
            }
        }
    }

    /** Name of the rule, with a minus where it denies; empty where there is none. */
    private static String naive(PolicyDocument document, String one, String other) {
        for (Rule rule : document.rules()) {
            boolean straight = holds(rule.between(), one) && holds(rule.and(), other);
            boolean crossed = holds(rule.between(), other) && holds(rule.and(), one);
            if (straight || crossed) {
                return (rule.allows() ? "" : "-") + rule.name();
            }
        }
        return "";
    }

    private static boolean holds(Side side, String id) {
        List<MemberPattern> patterns = new ArrayList<>(side.patterns());
        side.groups().forEach(group -> patterns.addAll(group.members()));
        return patterns.stream().anyMatch(pattern -> id.matches(pattern.text().replace(".", "\\.").replace("*", ".*")));
    }

    private static String ruleOf(PolicyDecision decision) {
        return switch (decision) {
            case Allowed allowed -> allowed.rule();
            case Denied denied -> denied.rule().map(name -> '-' + name).orElse("");
            case PolicyDecision.Undecided undecided -> undecided.why();
        };
    }

    private static String randomDocument(Random random) {
        int groups = random.nextInt(5);
        StringBuilder text = new StringBuilder("key-policy { groups {\n");
        for (int i = 0; i < groups; i++) {
            text.append("g").append(i).append(" = [").append(members(random, i)).append("]\n");
        }
        String rules = IntStream.range(0, random.nextInt(12)).mapToObj(i -> "{ name = r" + i + ", action = "
                + (random.nextBoolean() ? "allow" : "deny") + ", between = [" + members(random, groups) + "], and = [" + members(random, groups)
                + "] }").collect(Collectors.joining("\n"));
        return text + "}\nrules = [\n" + rules + "] }";
    }

    /** @param groups those with lower numbers may be named, so there are no cycles */
    private static String members(Random random, int groups) {
        return IntStream.rangeClosed(0, random.nextInt(3)).mapToObj(i -> switch (random.nextInt(4)) {
            case 0 -> groups > 0 ? "\"@g" + random.nextInt(groups) + '"' : "ab";
            case 1 -> randomId(random) + (random.nextBoolean() ? "x" : "");
            case 2 -> "\"" + randomId(random) + "*\"";
            default -> "\"" + randomId(random).charAt(0) + "*" + randomId(random).charAt(0) + "*\"";
        }).collect(Collectors.joining(", "));
    }

    private static String randomId(Random random) {
        return IntStream.rangeClosed(0, random.nextInt(3)).mapToObj(i -> String.valueOf("ab1".charAt(random.nextInt(3))))
                .collect(Collectors.joining());
    }

    private static CompiledPolicy compiled(String text) throws PolicyDocumentException {
        return new CompiledPolicy(PolicyDocument.parse(text), SERVICE);
    }
}
