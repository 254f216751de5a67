package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.LabAccess;
import org.pairspan.cli.lab.LabPki;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.NetworkLab;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.TemporaryFolder;
import org.pairspan.multijvm.harness.ClassData;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.OwnKeyServers;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.certificate.KeyKind;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** What an operator can get wrong: each mistake ends the start at once, with a message that says what to do, or is said and survived. */
@OwnKeyServers
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MistakesTest {

    private static final Duration LIMIT = Duration.ofSeconds(40);

    private NetworkLab lab;
    private Deployment deployment;
    private List<String> keyServers;
    private Site site;

    @TempDir
    private Path folder;

    /** One key server that works, and a site for a node. */
    @BeforeAll
    void startsAKeyServer() throws IOException {
        assumeTrue(LabAccess.find() == LabAccess.DIRECT, "needs root: network namespaces and TUN devices");
        lab = NetworkLab.create();
        final Path files = lab.closing(TemporaryFolder.onDisk("pairspan-mistakes-")).path();
        keyServers = lab.keyServerAddresses().subList(0, 1);
        deployment = new Deployment(lab.resources(), lab.keys(), keyServers, files, KeyKind.SM2, List.of(Suite.values()[0].wireName()));
        deployment.useClassData(ClassData.archives());
        site = lab.siteA();
        deployment.enrol(site);
        deployment.startKeyServers();
    }

    @AfterAll
    void leavesNothing() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void aBadSettingStopsTheNodeAndNamesItself() throws IOException {
        assertRefused(node("bearer.port = 99999"), "bearer.port", "99999");
        assertRefused(node("hold.packets = many"), "hold.packets", "many");
        assertRefused(node("bearer.prot = 4711"), "bearer.prot");
    }

    @Test
    void aCertificateOfAnotherAuthorityStopsTheNode() throws IOException {
        final LabPki other = new LabPki(folder.resolve("other"), KeyKind.SM2);
        assertRefused(node("identity.authority = \"" + other.authority() + "\""), "certificate", "authority");
    }

    @Test
    void aKeyThatOthersCanReadStopsTheNode() throws IOException {
        final Path key = folder.resolve("open.key");
        Files.copy(deployment.pki().privateKey(site.memberId()), key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertRefused(node("identity.private-key = \"" + key + "\""), "private-key", "chmod");
    }

    @Test
    void aMemberOfAnotherAuthorityIsNotServed() throws IOException {
        final LabPki other = new LabPki(folder.resolve("other"), KeyKind.SM2);
        other.issueMember(site.memberId(), site.prefixes());
        final String identity = "identity { certificate = \"%s\", private-key = \"%s\", authority = \"%s\" }".formatted(
            other.certificate(site.memberId()), other.privateKey(site.memberId()), other.authority());
        try (LabProcess node = deployment.startBriefNode(site, identity)) {
            final String ready = Deployment.awaitReady(node);
            assertTrue(ready.contains("NO KEY SERVICE YET"), ready);
        }
    }

    @Test
    void aPortInUseStopsTheNode() throws IOException {
        final InetSocketAddress bearer = new InetSocketAddress(site.wireAddress(), Site.BEARER_PORT);
        try (DatagramChannel taken = site.namespace().call(() -> DatagramChannel.open().bind(bearer))) {
            assertTrue(taken.isOpen());
            assertRefused(node(""), "4710", "in use");
        }
    }

    @Test
    void aPortInUseStopsTheKeyServer() throws IOException {
        final String ownLog = "audit.file = \"" + folder.resolve("audit.jsonl") + "\"";
        try (LabProcess second = deployment.startKeyServer(1, keyServers, ownLog)) {
            assertRefused(second, "in use");
        }
    }

    @Test
    void theSameKeyServerDoesNotRunTwice() throws IOException {
        try (LabProcess second = deployment.startKeyServer(1)) {
            assertRefused(second, "audit.file", "another process");
        }
    }

    @Test
    void noPermissionForTheDeviceStopsTheNode() throws IOException {
        Installation.needs("setpriv");
        final List<String> command = new ArrayList<>(List.of("setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin"));
        command.addAll(deployment.nodeCommand(site, ""));
        try (LabProcess node = LabProcess.start(site.namespace(), "node-without-permission", deployment.logs(), command)) {
            assertRefused(node, "CAP_NET_ADMIN");
        }
    }

    private LabProcess node(String wrong) throws IOException {
        return deployment.startBriefNode(site, wrong);
    }

    /** It ends by itself, with a failure, and its last words hold these. */
    private static void assertRefused(LabProcess process, String... words) {
        assertNotEquals(0, process.awaitEnd(LIMIT), () -> process.tail(30));
        for (final String word : words) {
            assertTrue(process.tail(30).contains(word), () -> "'" + word + "' is missing in:\n" + process.tail(30));
        }
    }
}
