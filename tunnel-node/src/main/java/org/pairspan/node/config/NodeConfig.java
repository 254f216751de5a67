package org.pairspan.node.config;

import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.certificate.CertificateFiles;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.config.Settings;
import org.pairspan.runtime.identity.GrantedPrefixes;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsIdentity;

/**
 * Everything an operator can set for a node. {@code node-reference.conf} explains each setting.
 *
 * @param identity     a member's.
 * @param renewal      how its certificate is renewed.
 * @param prefixes     what is behind this node, at least one; granted by its certificate.
 * @param suites       accepted, best first, at least one, each once.
 * @param policy       what may pass between this node and its peers.
 * @param exportKeysTo where the keys of associations are written for Wireshark; empty unless asked for.
 */
public record NodeConfig(TlsIdentity identity, RenewalConfig renewal, KeyServiceConfig keyService, BearerConfig bearer, DeviceConfig device,
        List<IpPrefix> prefixes, HoldConfig hold, List<Suite> suites, SecurityPolicy policy, PeersConfig peers,
        RekeyConfig rekey, HeartbeatConfig heartbeat, ReliableConfig reliable, Optional<Path> exportKeysTo) {
    private static final String ROOT = "pairspan.node";
    private static final String REFERENCE = "node-reference.conf";
    private static final String PREFIXES = "prefixes";

    /** @throws org.pairspan.runtime.config.ConfigurationException when something in the file is wrong or missing. */
    public static NodeConfig load(Path file) {
        Settings settings = Settings.load(file, ROOT, REFERENCE, NodeConfig.class);
        TlsIdentity identity = memberIdentity(settings.at("identity"));
        List<IpPrefix> prefixes = grantedPrefixes(settings, identity);
        return new NodeConfig(
                identity,
                RenewalConfig.read(settings.at("identity")),
                KeyServiceConfig.read(settings.at("key-service")),
                BearerConfig.read(settings.at("bearer")),
                DeviceConfig.read(settings.at("device"), prefixes),
                prefixes,
                HoldConfig.read(settings.at("hold")),
                distinctSuites(settings),
                PolicyConfig.read(settings.at("policy"), prefixes),
                PeersConfig.read(settings),
                RekeyConfig.read(settings.at("rekey")),
                HeartbeatConfig.read(settings.at("heartbeat")),
                ReliableConfig.read(settings.at("reliable")),
                exportKeysTo(settings.at("debug")));
    }

    private static TlsIdentity memberIdentity(Settings settings) {
        finishRenewal(settings);
        TlsIdentity identity = TlsIdentity.load(settings);
        if (identity.identity().role() != Role.MEMBER) {
            throw settings.invalid("certificate", identity.identity(), "must be a member's certificate");
        }
        return identity;
    }

    /** The node may have ended in the middle of one. */
    private static void finishRenewal(Settings settings) {
        try {
            new CertificateFiles(settings.path("certificate"), settings.path("private-key")).recover();
        } catch (IOException e) {
            throw new ConfigurationException(settings.fullName("certificate"), settings.path("certificate").toString(),
                    "must lie in a folder where an interrupted renewal can be finished: " + e.getMessage(), "correct its permissions", e);
        }
    }

    private static List<IpPrefix> grantedPrefixes(Settings settings, TlsIdentity identity) {
        List<IpPrefix> prefixes = settings.parsedList(PREFIXES, "must be an IP prefix such as 10.1.0.0/16", IpPrefix::parse);
        List<IpPrefix> granted = granted(settings, identity);
        for (int i = 0; i < prefixes.size(); i++) {
            IpPrefix prefix = prefixes.get(i);
            if (granted.stream().noneMatch(grant -> grant.contains(prefix))) {
                throw settings.invalid(PREFIXES, prefix, "must lie inside what the certificate grants, " + granted);
            }
            if (prefixes.subList(0, i).stream().anyMatch(prefix::overlaps)) {
                throw settings.invalid(PREFIXES, prefixes, "must not overlap each other");
            }
        }
        return prefixes;
    }

    private static List<IpPrefix> granted(Settings settings, TlsIdentity identity) {
        try {
            return GrantedPrefixes.of(identity.certificate());
        } catch (CertificateException e) {
            throw settings.at("identity").invalid("certificate", identity.identity(),
                    "must grant prefixes that can be read: " + e.getMessage());
        }
    }

    private static List<Suite> distinctSuites(Settings settings) {
        List<Suite> suites = settings.parsedList("suites", "must be the name of a suite", Suite::ofName);
        if (suites.stream().distinct().count() < suites.size()) {
            throw settings.invalid("suites", suites.stream().map(Suite::wireName).toList(), "must name each suite once");
        }
        return suites;
    }

    private static Optional<Path> exportKeysTo(Settings settings) {
        return settings.has("export-keys-to") ? Optional.of(settings.path("export-keys-to")) : Optional.empty();
    }
}
