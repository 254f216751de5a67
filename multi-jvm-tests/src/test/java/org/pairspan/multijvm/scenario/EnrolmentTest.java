package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.cli.lab.Command;
import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.Namespace;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.traffic.UdpEcho;
import org.pairspan.cli.lab.traffic.UdpProbe;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.PairspanCommand;
import org.pairspan.multijvm.harness.Scenario;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A node that has nothing but a token and the authority's certificate gets its own, talks, and renews it while it talks. */
@Scenario
@Isolated
@Timeout(120)
class EnrolmentTest {

    private static final int ECHO_PORT = 7030;
    private static final int NUMBER = 30;
    private static final Duration LIMIT = Duration.ofSeconds(40);

    @TempDir
    private Path folder;

    private final Installation installation;

    EnrolmentTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void aNodeIsEnrolledByATokenThatServesOnceTalksAndRenewsItsCertificateWhileItTalks() throws Exception {
        final Site site = installation.siteC().as("site-enrolled", NUMBER);
        final Path pki = installation.deployment().pki().authority().getParent();
        final Path token = token(site);

        final Command enrolled = enrol(site, token, pki);
        assertEquals(0, enrolled.exitCode(), enrolled::output);
        assertTrue(enrolled.output().contains("10.30.0.0/16"), enrolled::output);

        final Command reused = enrol(site, token, folder);
        assertEquals(1, reused.exitCode(), reused::output);
        assertFalse(Files.exists(folder.resolve(site.memberId() + ".crt")));

        final InetSocketAddress echoAddress = new InetSocketAddress(site.address(), ECHO_PORT);
        final LabProcess node = installation.deployment().startNode(site, "identity.renewal-servers = [\"%s:%d\"]".formatted(
            installation.deployment().keyServerAddresses().getFirst(), Deployment.enrolmentPort()));
        try {
            Deployment.awaitReady(node);
            final byte[] first = Files.readAllBytes(pki.resolve(site.memberId() + ".crt"));
            try (UdpEcho echo = UdpEcho.start(site.namespace(), echoAddress);
                 UdpProbe probe = UdpProbe.start(installation.lab().siteA().namespace(), echoAddress, Duration.ofMillis(10))) {
                assertTrue(probe.awaitAnswer(LIMIT), echo::toString);
                awaitRenewal(site, node, probe);
                for (int i = 0; i < 20; i++) {
                    assertTrue(probe.awaitAnswer(LIMIT), node.tail(20));
                }
                final UdpProbe.Result result = probe.stop(Duration.ofSeconds(3));
                assertEquals(0, result.lost(), () -> result + "\nat site A dropped " + drops(installation.lab().siteA(), installation.nodeA())
                    + "\nand here " + drops(site, node));
            }
            assertFalse(new String(first).equals(Files.readString(pki.resolve(site.memberId() + ".crt"))), "the certificate was not replaced");
        } finally {
            node.close();
        }
        assertAudited(site);
    }

    private Object drops(Site at, LabProcess node) {
        return installation.managementOf(at, node).read("type=Node,*").values().iterator().next().get("Drops");
    }

    private void awaitRenewal(Site site, LabProcess node, UdpProbe probe) throws Exception {
        final ManagementClient management = installation.managementOf(site, node);
        final long deadline = System.nanoTime() + LIMIT.toNanos();
        Map<String, Object> certificate = Map.of();
        while (System.nanoTime() < deadline) {
            assertTrue(probe.awaitAnswer(LIMIT), () -> node.tail(20));
            certificate = management.read("type=Certificate,*").values().iterator().next();
            if ((long) certificate.get("Renewals") > 0) {
                return;
            }
        }
        throw new AssertionError("the certificate was not renewed: " + certificate + "\n" + node.tail(20));
    }

    private Path token(Site site) throws Exception {
        final List<String> arguments = new ArrayList<>(List.of("ctl", "enrol", site.memberId(), "--name", "kms-1", "--valid", "5m"));
        site.prefixes().forEach(prefix -> arguments.addAll(List.of("--prefix", prefix)));
        final Command made = run(installation.lab().keys(), arguments);
        assertEquals(0, made.exitCode(), made::output);
        final String text = made.output().lines().filter(line -> line.startsWith(site.memberId() + ":")).findFirst().orElseThrow();
        final Path file = Files.createFile(folder.resolve("token"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text + "\n");
    }

    private Command enrol(Site site, Path token, Path out) throws IOException {
        return run(site.namespace(), List.of("node", "enrol", "--kms",
            installation.deployment().keyServerAddresses().getFirst() + ":" + Deployment.enrolmentPort(), "--token-file", token.toString(),
            "--authority", installation.deployment().pki().authority().toString(), "--out", out.toString()));
    }

    private static Command run(Namespace namespace, List<String> arguments) throws IOException {
        return Command.run(namespace.command(PairspanCommand.of(arguments)));
    }

    /** Everything stands in the log of the key server it was asked of, and its chain is whole. */
    private void assertAudited(Site site) throws IOException {
        final Path log = installation.file("audit-kms-1.jsonl");
        final Command shown = run(installation.lab().keys(), List.of("ctl", "audit", "show", log.toString()));
        for (String part : List.of("enrolment-token-issued", "member-enrolled  actor=\"member " + site.memberId(),
            "used token, with another key", "certificate-renewed  actor=\"member " + site.memberId())) {
            assertTrue(shown.output().contains(part), () -> part + " is not in " + shown.output());
        }
        final Command verified = run(installation.lab().keys(), List.of("ctl", "audit", "verify", log.toString(), "--certificate",
            installation.deployment().pki().authority().toString()));
        assertTrue(verified.output().contains("chain whole"), verified::output);
    }
}
