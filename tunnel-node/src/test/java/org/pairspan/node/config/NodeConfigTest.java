package org.pairspan.node.config;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.node.device.DeviceSettings;
import org.pairspan.node.device.InterfaceAddress;
import org.pairspan.node.fixture.TestPki;
import org.pairspan.node.policy.PortRange;
import org.pairspan.node.policy.Rule;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.node.policy.UpperProtocol;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.padding.PaddingMode;
import org.pairspan.protocol.padding.PaddingSettings;
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
        assertEquals(new BearerConfig(bearer, bearer, 1500, true, 4 << 20, 16 << 20, 8 << 20, Optional.empty()), config.bearer());
        assertEquals(new DeviceConfig(DeviceConfig.Kind.TUN, new DeviceSettings("pairspan0", 1500, 500, List.of()), List.of()), config.device());
        assertEquals(List.of(IpPrefix.parse("10.1.0.0/16")), config.prefixes());
        assertEquals(new HoldConfig(256, 4 << 20, Duration.ofSeconds(5)), config.hold());
        assertEquals(List.of(Suite.AES_256_GCM, Suite.CHACHA20_POLY1305, Suite.SM4_GCM), config.suites());
        assertEquals(List.of(new Rule("everything", Rule.Action.PROTECT, Set.of(), List.of(), List.of(), UpperProtocol.ANY, List.of(), List.of(),
                Optional.empty())), config.policy().rules());
        assertEquals(new RekeyConfig(new SaLifetime(1 << 30, 256L << 30, HOURS.toNanos(1)), new SaLifetime(1L << 32, 1L << 40, HOURS.toNanos(4))),
                config.rekey());
        assertEquals(new PeersConfig(new PeerConfig(Optional.empty(), false, PaddingSettings.OFF), Map.of()), config.peers());
        assertEquals(KeyExchange.CURVE_SM2, config.peers().of("site-b").keyExchange(Suite.SM4_GCM));
        assertEquals(KeyExchange.X25519_MLKEM768, config.peers().of("site-b").keyExchange(Suite.AES_256_GCM));
        assertEquals(new HeartbeatConfig(Duration.ofSeconds(1), 3), config.heartbeat());
        assertEquals(new ReliableConfig(16 << 20), config.reliable());
        assertEquals(Optional.empty(), config.exportKeysTo());
    }

    @Test
    void everySettingCanBeSet() throws IOException {
        NodeConfig config = load("site-a", """
                key-service { servers = ["192.0.2.9:1"], connect-timeout = 1 s, request-timeout = 2 s, ping-interval = 3 s, dead-after = 4 s }
                bearer { host = "0.0.0.0", port = 5000, advertised { host = "198.51.100.1", port = 6000 }, path-mtu = 1400, path-mtu-discovery = false
                  socket-buffer = 1 MiB, term-length = 512 KiB, window = 128 KiB, directory = "streams" }
                device { kind = memory, name = "m0", mtu = 9000, addresses = ["10.1.2.1/24"], routes = ["10.0.0.0/8"] }
                prefixes = ["10.1.2.0/24", "2001:db8:1::/48"]
                hold { packets = 1, bytes = 64 KiB, timeout = 1 s }
                suites = [sm4-gcm]
                policy {
                  rule-defaults.peers = [site-b]
                  rules = [
                    { name = web, local = ["10.1.2.0/25"], remote = ["10.2.0.0/16"], protocol = tcp, local-ports = [80, "8000-8999"]
                      remote-ports = ["1024-65535"], class = reliable }
                    { name = rest, action = discard, peers = ["site-c"] }
                  ]
                }
                peer-defaults { strict = true, padding { mode = multiple, multiple = 128 } }
                peers { site-b { key-exchange = x25519, strict = false, padding.mode = full }
                  "site.c" { padding { mode = constant-rate, interval = 500 us } } }
                rekey { after-time = 2 s, after-bytes = 64 MiB, after-packets = 65536 }
                heartbeat { interval = 200 ms, dead-after = 1 s }
                reliable.buffer = 1 MiB
                debug.export-keys-to = "keys"
                """);
        assertFalse(config.bearer().discovery());
        assertEquals(List.of(
                new Rule("web", Rule.Action.PROTECT, Set.of("site-b"), List.of(IpPrefix.parse("10.1.2.0/25")), List.of(IpPrefix.parse("10.2.0.0/16")),
                        UpperProtocol.parse("tcp"), List.of(new PortRange(80, 80), new PortRange(8000, 8999)), List.of(new PortRange(1024, 65535)),
                        Optional.of(TrafficClass.RELIABLE)),
                new Rule("rest", Rule.Action.DISCARD, Set.of("site-c"), List.of(), List.of(), UpperProtocol.ANY, List.of(), List.of(),
                        Optional.empty())), config.policy().rules());
        assertEquals(new PeerConfig(Optional.empty(), true, new PaddingSettings(PaddingMode.MULTIPLE, 128, 1_000_000)), config.peers().of("site-d"));
        assertEquals(new PeerConfig(Optional.of(KeyExchange.X25519), false, new PaddingSettings(PaddingMode.FULL, 128, 1_000_000)),
                config.peers().of("site-b"));
        assertEquals(new PeerConfig(Optional.empty(), true, new PaddingSettings(PaddingMode.CONSTANT_RATE, 128, 500_000)),
                config.peers().of("site.c"));
        assertEquals(new RekeyConfig(new SaLifetime(65536, 64 << 20, SECONDS.toNanos(2)), new SaLifetime(1 << 24, 16L << 30, SECONDS.toNanos(60))),
                config.rekey());
        assertEquals(new HeartbeatConfig(Duration.ofMillis(200), 4), config.heartbeat());
        assertEquals(new ReliableConfig(1 << 20), config.reliable());
        assertEquals(new InetSocketAddress("198.51.100.1", 6000), config.bearer().advertised());
        assertEquals(Optional.of(folder.resolve("streams")), config.bearer().directory());
        assertEquals(new DeviceConfig(DeviceConfig.Kind.MEMORY,
                new DeviceSettings("m0", 9000, 500, List.of(InterfaceAddress.parse("10.1.2.1/24"))), List.of(IpPrefix.parse("10.0.0.0/8"))), config.device());
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
        assertRefused("bearer.window", "bearer.window = 9 MiB");
        assertRefused("bearer.prot", "bearer.prot = 4710");
        assertRefused("device.kind", "device.kind = tap");
        assertRefused("device.name", "device.name = \"pair span\"");
        assertRefused("device.addresses", "device.addresses = [\"10.1.0.1/33\"]");
        assertRefused("device.addresses[1]", "device.addresses = [\"10.1.0.1/32\", \"10.2.0.1/8\"]");
        assertRefused("key-service.servers", "key-service.servers = [\"kms-1\"]");
        assertRefused("key-service.servers", "key-service.servers = [\"user@kms-1:7400\"]");
        assertRefused("key-service.servers", "key-service.servers = [\"kms-1:65536\"]");
        assertRefused("key-service.dead-after", "key-service { ping-interval = 5 s, dead-after = 5 s }");
        assertRefused("suites", "suites = [aes-256-gcm, aes-256-gcm]");
        assertRefused("suites", "suites = [aes-128-gcm]");
        assertRefused("hold.packets", "hold.packets = 0");
        assertRefused("bearer.path-mtu-discovery", "bearer.path-mtu-discovery = 1");
        assertRefused("rekey.after-time", "rekey.after-time = 999 ms");
        assertRefused("rekey.after-bytes", "rekey.after-bytes = 1 MiB");
        assertRefused("rekey.after-packets", "rekey.after-packets = 4294967296");
        assertRefused("heartbeat.interval", "heartbeat { interval = 2 min, dead-after = 4 min }");
        assertRefused("heartbeat.dead-after", "heartbeat.dead-after = 1 s");
        assertRefused("heartbeat.dead-after", "heartbeat.dead-after = 2500 ms");
        assertRefused("heartbeat.dead-after", "heartbeat { interval = 10 ms, dead-after = 4 s }");
        assertRefused("reliable.buffer", "reliable.buffer = 1 KiB");
        assertRefused("peer-defaults.key-exchange", "peer-defaults.key-exchange = x448");
        assertRefused("peer-defaults.padding.mode", "peer-defaults.padding.mode = some");
        assertRefused("peers.site-b.padding.multiple", "peers.site-b.padding.multiple = 4");
        assertRefused("peers.site-b.padding.interval", "peers.site-b.padding.interval = 1 us");
        assertRefused("peers.site-b.padding.intreval", "peers.site-b.padding.intreval = 1 ms");
        assertRefused("peers.site-b.stirct", "peers.site-b.stirct = true");
        assertRefused("peers", "peers { \"Site B\" { strict = true } }");
    }

    @Test
    void mistakesInThePolicyAreNamedWithTheirRuleAndRemedy() throws IOException {
        assertEquals(List.of(), load("site-a", NEEDED + "policy.rules = []").policy().rules());
        assertRefused("policy.rules", "policy.rules = everything");
        assertRefused("policy.rules[0].name", "policy.rules = [{}]");
        assertRefused("policy.rules[0].nmae", "policy.rules = [{ nmae = a }]");
        assertRefused("policy.rules[1].name", "policy.rules = [{ name = a, protocol = tcp }, { name = a }]");
        assertRefused("policy.rules[1].name", "policy.rules = [{ name = all }, { name = unreached }]");
        assertRefused("policy.rules[0].action", "policy.rules = [{ name = a, action = bypass }]");
        assertRefused("policy.rules[0].peers[0]", "policy.rules = [{ name = a, peers = [\"Site B\"] }]");
        assertRefused("policy.rules[0].peers", "policy.rules = [{ name = a, peers = [] }]");
        assertRefused("policy.rules[0].local[0]", "policy.rules = [{ name = a, local = [\"10.1.0.1/16\"] }]");
        assertRefused("policy.rules[0].local", "policy.rules = [{ name = a, local = [\"10.2.0.0/16\"] }]");
        assertRefused("policy.rules[0].remote[1]", "policy.rules = [{ name = a, remote = [\"10.2.0.0/16\", \"site-b\"] }]");
        assertRefused("policy.rules[0].protocol", "policy.rules = [{ name = a, protocol = http }]");
        assertRefused("policy.rules[0].remote-ports[0]", "policy.rules = [{ name = a, protocol = tcp, remote-ports = [\"9-8\"] }]");
        assertRefused("policy.rules[0].remote-ports", "policy.rules = [{ name = a, protocol = icmp, remote-ports = [8] }]");
        assertRefused("policy.rules[0].local-ports", "policy.rules = [{ name = a, local-ports = [80] }]");
        assertRefused("policy.rules[0].class", "policy.rules = [{ name = a, class = stream }]");
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
