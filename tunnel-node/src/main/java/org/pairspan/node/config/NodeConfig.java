package org.pairspan.node.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.config.Settings;

/**
 * Everything an operator can set for a node. {@code node-reference.conf} explains each setting.
 *
 * @param prefixes     what is behind this node, at least one.
 * @param suites       accepted, best first, at least one, each once.
 * @param exportKeysTo where the keys of associations are written for Wireshark; empty unless asked for.
 */
public record NodeConfig(IdentityConfig identity, KeyServiceConfig keyService, BearerConfig bearer, DeviceConfig device,
        List<IpPrefix> prefixes, HoldConfig hold, List<Suite> suites, Optional<Path> exportKeysTo) {
    private static final String ROOT = "pairspan.node";
    private static final String REFERENCE = "node-reference.conf";

    /** @throws org.pairspan.runtime.config.ConfigurationException when something in the file is wrong or missing. */
    public static NodeConfig load(Path file) {
        Settings settings = Settings.load(file, ROOT, REFERENCE, NodeConfig.class);
        return new NodeConfig(
                IdentityConfig.read(settings.at("identity")),
                KeyServiceConfig.read(settings.at("key-service")),
                BearerConfig.read(settings.at("bearer")),
                DeviceConfig.read(settings.at("device")),
                disjoint(settings),
                HoldConfig.read(settings.at("hold")),
                distinctSuites(settings),
                exportKeysTo(settings.at("debug")));
    }

    private static List<IpPrefix> disjoint(Settings settings) {
        List<IpPrefix> prefixes = settings.parsedList("prefixes", "must be an IP prefix such as 10.1.0.0/16", IpPrefix::parse);
        for (int i = 1; i < prefixes.size(); i++) {
            if (prefixes.subList(0, i).stream().anyMatch(prefixes.get(i)::overlaps)) {
                throw settings.invalid("prefixes", prefixes, "must not overlap each other");
            }
        }
        return prefixes;
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
