package org.pairspan.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.node.device.DeviceSettings;
import org.pairspan.node.device.InterfaceAddress;
import org.pairspan.node.fixture.TestPki;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.config.ConfigurationException;

class NodeConfigTest {
    private static final String NEEDED = """
            key-service.servers = ["kms-1.example:7400", "[2001:db8::1]:7400"]
            bearer.host = "192.0.2.1"
            prefixes = ["10.1.0.0/16"]
            """;

    @TempDir
    private Path folder;
    private TestPki pki;

    @BeforeEach
    void issueCertificates() throws IOException {
        pki = new TestPki(folder);
        pki.issueMember("site-a", "10.1.0.0/16", "2001:db8:1::/48");
        pki.issueKms("kms-1");
    }

    private NodeConfig load(String identity, String settings) throws IOException {
        return NodeConfig.load(Files.writeString(folder.resolve("node.conf"),
                "pairspan.node {\n" + pki.identitySettings(identity) + '\n' + settings + "\n}\n"));
    }

    private void assertRefused(String setting, String further) {
        ConfigurationException error = assertThrows(ConfigurationException.class, () -> load("site-a", NEEDED + further), further);
        assertTrue(error.name().startsWith("pairspan.node." + setting), error.getMessage());
        assertTrue(!error.rule().isBlank() && !error.remedy().isBlank(), error.getMessage());
    }

    @Test
    void theReferenceHoldsTheDefaultsThatItExplains() throws IOException {
        NodeConfig config = load("site-a", NEEDED);
        assertEquals("site-a", config.identity().identity().id());
        assertEquals(new KeyServiceConfig(
                List.of(InetSocketAddress.createUnresolved("kms-1.example", 7400), InetSocketAddress.createUnresolved("2001:db8::1", 7400)),
                Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(6)), config.keyService());
        InetSocketAddress bearer = new InetSocketAddress("192.0.2.1", 4710);
        assertEquals(new BearerConfig(bearer, bearer, 1500, 4 << 20, 2 << 20, 1 << 20, Optional.empty()), config.bearer());
        assertEquals(new DeviceConfig(DeviceConfig.Kind.TUN, new DeviceSettings("pairspan0", 1500, List.of()), List.of()), config.device());
        assertEquals(List.of(IpPrefix.parse("10.1.0.0/16")), config.prefixes());
        assertEquals(new HoldConfig(256, 4 << 20, Duration.ofSeconds(2)), config.hold());
        assertEquals(List.of(Suite.AES_256_GCM, Suite.CHACHA20_POLY1305, Suite.SM4_GCM), config.suites());
        assertEquals(Optional.empty(), config.exportKeysTo());
    }

    @Test
    void everySettingCanBeSet() throws IOException {
        NodeConfig config = load("site-a", """
                key-service { servers = ["192.0.2.9:1"], connect-timeout = 1 s, request-timeout = 2 s, ping-interval = 3 s, dead-after = 4 s }
                bearer { host = "0.0.0.0", port = 5000, advertised { host = "198.51.100.1", port = 6000 }, path-mtu = 1400
                  socket-buffer = 1 MiB, term-length = 512 KiB, window = 128 KiB, directory = "streams" }
                device { kind = memory, name = "m0", mtu = 9000, addresses = ["10.1.0.1/24"], routes = ["10.0.0.0/8"] }
                prefixes = ["10.1.2.0/24", "2001:db8:1::/48"]
                hold { packets = 1, bytes = 64 KiB, timeout = 1 s }
                suites = [sm4-gcm]
                debug.export-keys-to = "keys"
                """);
        assertEquals(new InetSocketAddress("198.51.100.1", 6000), config.bearer().advertised());
        assertEquals(Optional.of(folder.resolve("streams")), config.bearer().directory());
        assertEquals(new DeviceConfig(DeviceConfig.Kind.MEMORY,
                new DeviceSettings("m0", 9000, List.of(InterfaceAddress.parse("10.1.0.1/24"))), List.of(IpPrefix.parse("10.0.0.0/8"))), config.device());
        assertEquals(Optional.of(folder.resolve("keys")), config.exportKeysTo());
    }

    @Test
    void whatIsWrongIsNamedWithItsRuleAndRemedy() {
        assertRefused("prefixes", "prefixes = [\"10.2.0.0/16\"]");
        assertRefused("prefixes", "prefixes = [\"10.0.0.0/8\"]");
        assertRefused("prefixes", "prefixes = [\"10.1.0.0/16\", \"10.1.5.0/24\"]");
        assertRefused("prefixes", "prefixes = []");
        assertRefused("bearer.advertised.host", "bearer.host = \"0.0.0.0\"");
        assertRefused("bearer.host", "bearer.host = \"localhost\"");
        assertRefused("bearer.path-mtu", "bearer.path-mtu = 1279");
        assertRefused("bearer.term-length", "bearer.term-length = 3 MiB");
        assertRefused("bearer.window", "bearer { term-length = 512 KiB, window = 512 KiB }");
        assertRefused("bearer.prot", "bearer.prot = 4710");
        assertRefused("device.kind", "device.kind = tap");
        assertRefused("device.name", "device.name = \"pair span\"");
        assertRefused("device.addresses", "device.addresses = [\"10.1.0.1/33\"]");
        assertRefused("key-service.servers", "key-service.servers = [\"kms-1\"]");
        assertRefused("key-service.servers", "key-service.servers = [\"user@kms-1:7400\"]");
        assertRefused("key-service.servers", "key-service.servers = [\"kms-1:65536\"]");
        assertRefused("key-service.dead-after", "key-service { ping-interval = 5 s, dead-after = 5 s }");
        assertRefused("suites", "suites = [aes-256-gcm, aes-256-gcm]");
        assertRefused("suites", "suites = [aes-128-gcm]");
        assertRefused("hold.packets", "hold.packets = 0");
    }

    @Test
    void aKeyServersCertificateIsNoMembers() {
        ConfigurationException error = assertThrows(ConfigurationException.class, () -> load("kms-1", NEEDED));
        assertEquals("pairspan.node.identity.certificate", error.name());
    }

    @Test
    void aMissingCertificateIsNamed() {
        ConfigurationException error = assertThrows(ConfigurationException.class, () -> load("site-z", NEEDED));
        assertEquals("pairspan.node.identity.certificate", error.name());
    }
}
