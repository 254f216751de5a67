package org.pairspan.multijvm.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pairspan.cli.lab.Command;
import org.pairspan.cli.lab.KeyDelivery;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.Scenario;

/** Keys over ETSI GS QKD 014 from real key servers, taken with curl. */
@Scenario
@Timeout(240)
class Etsi014Test {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern KEY_ID = Pattern.compile("\"key_ID\":\"([^\"]+)\"");
    private static final Path SESSION = Path.of("..", "docs", "etsi014", "session.sh").toAbsolutePath().normalize();

    private final Installation installation;

    Etsi014Test(Installation installation) {
        this.installation = installation;
    }

    @Test
    void theSessionOfTheDocumentationRunsAsItStandsThere() {
        Installation.needs("curl");
        final Command session = Command.run(inside(List.of("bash", SESSION.toString(), host(1), folder(), "sae-a", "sae-b", "sae-c")));
        System.out.println(session.output());
        assertEquals(0, session.exitCode(), session::output);
        assertTrue(session.output().contains("all answers are as they should be"), session::output);
    }

    @Test
    void aKeyTakenAtOneServerIsFetchedAtAnotherAfterTheFirstWasKilled() throws Exception {
        Installation.needs("curl");
        final String taken = curl("sae-a", host(1), "sae-b/enc_keys").lines().findFirst().orElseThrow();
        final Matcher id = KEY_ID.matcher(taken);
        assertTrue(id.find(), taken);
        installation.killKeyServer(1);
        try {
            String fetched = "";
            for (long begun = System.nanoTime(); !fetched.equals(taken); fetched = curl("sae-b", host(2), "sae-a/dec_keys?key_ID=" + id.group(1))) {
                assertTrue(System.nanoTime() - begun < LIMIT.toNanos(), fetched);
                assertNotEquals("{\"message\":\"one or more keys specified are not found on KME\"}", fetched);
            }
        } finally {
            installation.restartKeyServer(1);
        }
    }

    private String curl(String sae, String host, String path) {
        return Command.run(inside(List.of("curl", "--silent", "--max-time", "10", "--cacert", folder() + "/ca.crt", "--cert",
            folder() + "/" + sae + ".crt", "--key", folder() + "/" + sae + ".key", "https://" + host + "/api/v1/keys/" + path))).output().trim();
    }

    private List<String> inside(List<String> command) {
        return installation.lab().siteA().namespace().command(command);
    }

    private String folder() {
        return installation.delivery().pki().folder().toString();
    }

    private String host(int server) {
        return installation.deployment().keyServerAddresses().get(server - 1) + ":" + KeyDelivery.PORT;
    }
}
