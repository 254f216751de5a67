package org.pairspan.kms.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.delivery.SaeAccess.Allowed;
import org.pairspan.kms.delivery.SaeAccess.Denied;
import org.pairspan.kms.delivery.SaeAccess.Unknown;
import org.pairspan.kms.delivery.SaeAccess.Verdict;
import org.pairspan.kms.policy.KeyLifetime;
import org.pairspan.kms.policy.PairTerms;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.protocol.crypto.Suite;

/** Members that an operator named, so that no directory is asked. */
class MemberAccessTest {

    private final MemberAccess access = new MemberAccess(null, MemberAccessTest::policy, "gone"::equals,
            Set.of("a", "b", "c", "denied", "undecided", "gone"), Duration.ofSeconds(1));

    @Test
    void whatThePolicyAllowsHasTheSourceItNamesForTheFirst() {
        assertEquals(new Allowed(Optional.of("both-required")), check("a", "b", "c"));
        assertEquals(new Allowed(Optional.empty()), check("a", "c", "b"));
    }

    @Test
    void oneThatIsDeniedDeniesAll() {
        assertInstanceOf(Denied.class, check("a", "b", "denied"));
    }

    @Test
    void aPolicyThatIsNotKnownAllowsNothing() {
        assertThrows(CompletionException.class, () -> check("a", "undecided"));
    }

    @Test
    void aRevokedMemberNeitherAsksNorIsAskedFor() {
        assertInstanceOf(Denied.class, check("gone", "a"));
        assertEquals(new Unknown("gone"), check("a", "b", "gone"));
    }

    @Test
    void whatIsNoIdIsNobody() {
        assertEquals(new Unknown("../b"), check("a", "../b"));
    }

    private Verdict check(String caller, String... others) {
        return access.check(caller, List.of(others)).toCompletableFuture().join();
    }

    private static PolicyDecision policy(String one, String other) {
        return switch (other) {
            case "denied" -> new PolicyDecision.Denied(Optional.empty());
            case "undecided" -> new PolicyDecision.Undecided("too early");
            default -> new PolicyDecision.Allowed("rule", List.of(Suite.values()), PairTerms.NONE, KeyLifetime.UNLIMITED,
                    other.equals("b") ? Optional.of("both-required") : Optional.empty());
        };
    }
}
