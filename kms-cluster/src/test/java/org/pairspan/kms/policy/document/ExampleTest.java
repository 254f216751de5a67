package org.pairspan.kms.policy.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;

/** The example that is installed. */
class ExampleTest {

    @Test
    void theExampleDecidesAsItSays() throws IOException, PolicyDocumentException {
        try (InputStream in = PolicyDocument.class.getResourceAsStream("/key-policy.conf")) {
            PolicyDocument document = PolicyDocument.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            CompiledPolicy policy = new CompiledPolicy(document, List.of(Suite.values()));

            PolicyDecision.Allowed branch = assertInstanceOf(PolicyDecision.Allowed.class, policy.decide("branch-1", "hq-2"));
            assertEquals(Optional.of(KeyExchange.X25519_MLKEM768), branch.terms().exchange());
            assertEquals(new PolicyDecision.Denied(Optional.of("old shop and partners")), policy.decide("partner-a", "old-shop"));
            assertEquals(new PolicyDecision.Denied(Optional.empty()), policy.decide("branch-1", "branch-2"));
            assertEquals(List.of(), document.rules().stream().filter(rule -> document.rules().stream()
                    .anyMatch(other -> other.line() < rule.line() && other.covers(rule))).toList());
        }
    }
}
