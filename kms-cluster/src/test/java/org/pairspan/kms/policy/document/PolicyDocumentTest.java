package org.pairspan.kms.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pairspan.kms.policy.KeyLifetime;
import org.pairspan.kms.policy.PairTerms;
import org.pairspan.kms.policy.TrafficClass;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.padding.PaddingMode;
import org.pairspan.protocol.padding.PaddingSettings;

class PolicyDocumentTest {

    private static final String WHOLE = """
            key-policy {
              groups {
                branches = ["branch-*", "old-shop"]
                sites = ["@branches", hq-1]
              }
              defaults { strict = true, padding { mode = multiple, multiple = 256 } }
              rules = [
                { name = never, action = deny, between = "@branches", and = "@branches" }
                { name = sites, action = allow, between = ["@sites"], and = [hq-1, "hq-*"], suites = [sm4-gcm, aes-256-gcm],
                  class = reliable, key-exchange = curveSM2, key-lifetime { age = 30 d, generations = 1000 }, source = quantum }
                { name = loose, action = allow, between = "*", and = dc-1, strict = false, padding { mode = none } }
              ]
            }
            """;

    @Test
    void everythingADocumentCanSayIsRead() throws PolicyDocumentException {
        PolicyDocument document = PolicyDocument.parse(WHOLE);

        assertEquals(List.of("never", "sites", "loose"), document.rules().stream().map(Rule::name).toList());
        assertEquals(Optional.of(new Parameters(List.of(Suite.SM4_GCM, Suite.AES_256_GCM),
                new PairTerms(Optional.of(TrafficClass.RELIABLE), new PaddingSettings(PaddingMode.MULTIPLE, 256, 0), true,
                        Optional.of(KeyExchange.CURVE_SM2)),
                new KeyLifetime(Optional.of(Duration.ofDays(30)), OptionalLong.of(1000)), Optional.of("quantum"))),
                document.rules().get(1).parameters());
        assertEquals(Optional.of(Parameters.NONE), document.rules().get(2).parameters());
        assertEquals("@sites", document.rules().get(1).between().toString());
        assertEquals(3, document.groups().getLast().members().size(), "a group has the members of the groups in it");
    }

    @Test
    void allFaultsAreToldAtOnceWithTheirLines() {
        PolicyDocumentException refused = assertThrows(PolicyDocumentException.class, () -> PolicyDocument.parse("""
                key-policy {
                  groups {
                    a = ["@b"]
                    b = ["@c"]
                    c = ["@a"]
                    d = ["Site_1", "@nobody"]
                  }
                  defaults { padding { mode = multiple } }
                  rules = [
                    { name = one, action = allow, between = "@d", and = "@missing", sweets = [aes] }
                    { name = one, action = permit, between = [], and = "*" }
                    { name = two, action = deny, between = "*", and = "*", strict = true }
                    { action = allow, between = "*", and = "*", suites = [aes], strict = perhaps, key-lifetime { age = 1 s } }
                  ]
                }
                """));

        String told = refused.problems().stream().map(problem -> problem.line() + " " + problem.name()).collect(Collectors.joining("\n"));
        for (String expected : List.of("5 groups.c", "6 groups.d", "8 key-policy.defaults.padding.multiple", "10 key-policy.rules[1].and",
                "10 key-policy.rules[1].sweets", "11 key-policy.rules[2].name", "11 key-policy.rules[2].action",
                "11 key-policy.rules[2].between", "12 key-policy.rules[3].strict", "13 key-policy.rules[4].name",
                "13 key-policy.rules[4].suites", "13 key-policy.rules[4].strict", "13 key-policy.rules[4].key-lifetime.age")) {
            String line = expected.replace(" groups", " key-policy.groups");
            assertTrue(told.contains(line), () -> line + " is not among\n" + told);
        }
        assertTrue(refused.getMessage().contains("a group must not be in itself: c in b in a in c")
                || refused.getMessage().contains("a group must not be in itself"), refused.getMessage());
        assertTrue(refused.getMessage().contains("remedy: there are aes-256-gcm"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "key-policy { rules = [ }                              | does not parse",
            "key-policy { rules = ${somewhere} }                   | must not have substitutions",
            "include \"/etc/passwd\"                               | must stand alone",
            "include file(\"/etc/passwd\")                         | must stand alone",
            "key-policy { include url(\"http://127.0.0.1:9/x\") }  | must stand alone",
            "rules = []                                            | must hold the policy",
            "key-policy {}                                         | must be the list of rules",
            "key-policy = 5                                        | must be a group of settings",
            "key-policy { rules = [ 7 ] }                          | must be a group of settings",
            "key-policy { rules = { name = x } }                   | must be a list of groups",
            "key-policy { groups { a = { x = 1 } }, rules = [] }   | must be the id of a member",
            "key-policy { groups { \"A b\" = [x] }, rules = [] }   | must be named by"})
    void whatCanNotBeUsedIsRefused(String text, String rule) {
        PolicyDocumentException refused = assertThrows(PolicyDocumentException.class, () -> PolicyDocument.parse(text));

        assertTrue(refused.getMessage().contains(rule), refused.getMessage());
    }

    @Test
    void aDocumentIsBoundedInEveryWay() {
        String long129KiB = "# " + "x".repeat(129 * 1024);
        String deep = "a = " + "[".repeat(60_000);
        String manyRules = "key-policy { rules = [" + IntStream.range(0, 1025).mapToObj(i -> "{}").collect(Collectors.joining(",")) + "] }";
        String nested = "key-policy { rules = [], groups {\n g0 = [" + IntStream.range(0, 8000).mapToObj(i -> "m" + i).collect(Collectors.joining(","))
                + "]\n" + IntStream.range(1, 40).mapToObj(i -> " g" + i + " = [\"@g" + (i - 1) + "\"]").collect(Collectors.joining("\n")) + "} }";

        for (String text : List.of(long129KiB, deep, manyRules, nested)) {
            assertThrows(PolicyDocumentException.class, () -> PolicyDocument.parse(text), () -> text.substring(0, 40));
        }
    }

    @Test
    void anEmptyListOfRulesIsADocument() throws PolicyDocumentException {
        assertEquals(List.of(), PolicyDocument.parse("key-policy { rules = [] }").rules());
    }

    @ParameterizedTest
    @CsvSource({"branch-*,branch-1,true", "branch-*,branch-,true", "branch-*,branch,false", "*,x,true", "*.lab,a.b.lab,true", "*.lab,lab,false",
            "a*b*c,aXXbYYc,true", "a*b*c,abcb,false", "site-a,site-a,true", "site-a,site-ab,false", "**,x,true", "*a,ba,true", "*ab,aab,true"})
    void aStarStandsForAnything(String pattern, String id, boolean matches) {
        assertEquals(matches, new MemberPattern(pattern).matches(id));
    }
}
