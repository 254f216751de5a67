package org.pairspan.kms.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.config.Settings;
import org.pairspan.runtime.identity.Identity;

/**
 * All settings of a key server; {@code kms-reference.conf} tells what each means.
 *
 * @param name        this server's name, equal to its certificate's id
 * @param suites      suites a pair may use, best first
 * @param etsi014     empty where it is switched off
 * @param policyBound longest time to go on by a policy that may have changed
 * @param enrolment   empty where it is switched off
 */
public record KmsSettings(String name, IdentityFiles identity, ClusterAddress cluster, MemberLinkLimits memberLink,
        JournalAccess journal, SealingSettings sealing, List<Suite> suites, Audit audit,
        KeySourceSettings keySource, Optional<Etsi014Settings> etsi014, Duration policyBound, KeyUpdateLimits keyUpdate,
        Optional<EnrolmentSettings> enrolment) {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration SHORTEST_BOUND = Duration.ofSeconds(3);
    private static final Duration LONGEST_BOUND = Duration.ofMinutes(5);

    /** PEM files. */
    public record IdentityFiles(Path certificate, Path privateKey, Path authority) {
    }

    /**
     * This server's place in the cluster and the servers it joins through.
     *
     * @param warmPairs pairs whose state this server keeps in memory, at most
     */
    public record ClusterAddress(InetSocketAddress own, List<InetSocketAddress> seeds, int warmPairs) {
    }

    /** Where members connect, and what one connection may take. */
    public record MemberLinkLimits(InetSocketAddress address, int maxConnections, int maxUnauthenticated,
            int maxUnauthenticatedOfOneAddress, Duration registrationTimeout, Duration idleTimeout,
            int maxOutstandingRequests, Duration requestTimeout, Duration installTimeout) {
    }

    /**
     * Where audit records go.
     *
     * @param sync               whether each reaches the disk before its answer goes out
     * @param rotateSize         bytes; a file that has them is full, and the next one begins
     * @param checkpointInterval longest time until a record is covered by a signature
     */
    public record Audit(Path file, boolean sync, long rotateSize, Duration checkpointInterval) {
    }

    /**
     * Reads the settings.
     *
     * @throws ConfigurationException where one is wrong
     */
    public static KmsSettings load(Path file) {
        Settings root = Settings.load(file, "pairspan.kms", "kms-reference.conf", KmsSettings.class);
        String name = root.string("name");
        if (!Identity.ID.matcher(name).matches()) {
            throw root.invalid("name", name, "must be an id: 1 to 63 characters of a-z 0-9 . -, the first and last a letter or digit");
        }
        return new KmsSettings(name, identity(root.at("identity")), cluster(root.at("cluster")), memberLink(root.at("member-link")),
                JournalAccess.of(root.at("journal")), SealingSettings.read(root.at("sealing")),
                root.at("association").parsedList("suites", "must be a list of suites", Suite::ofName), audit(root, name),
                KeySourceSettings.of(root.at("key-source")), Etsi014Settings.of(root.at("etsi-014")),
                root.at("policy").duration("confirmed-within", SHORTEST_BOUND, LONGEST_BOUND), KeyUpdateLimits.read(root.at("key-update")),
                EnrolmentSettings.read(root.at("enrolment")));
    }

    private static IdentityFiles identity(Settings settings) {
        return new IdentityFiles(settings.existingFile("certificate"), settings.existingFile("private-key"),
                settings.existingFile("authority"));
    }

    private static ClusterAddress cluster(Settings settings) {
        return new ClusterAddress(settings.address(), settings.hostPorts("seeds"), settings.integer("warm-pairs", 100, 10_000_000));
    }

    private static MemberLinkLimits memberLink(Settings settings) {
        return new MemberLinkLimits(settings.address(), settings.integer("max-connections", 1, 1_000_000),
                settings.integer("max-unauthenticated", 1, 1_000_000), settings.integer("max-unauthenticated-of-one-address", 1, 1_000_000),
                settings.duration("registration-timeout", SHORTEST, LONGEST), settings.duration("idle-timeout", SHORTEST, LONGEST),
                settings.integer("max-outstanding-requests", 1, 1024), settings.duration("request-timeout", SHORTEST, LONGEST),
                settings.duration("install-timeout", SHORTEST, LONGEST));
    }

    private static Audit audit(Settings root, String name) {
        Settings settings = root.at("audit");
        Path file = settings.has("file") ? settings.path("file") : root.at("journal").path("file").resolveSibling("audit-" + name + ".jsonl");
        return new Audit(file, settings.bool("sync"), settings.bytes("rotate-size", 1 << 16, 1L << 40),
                settings.duration("checkpoint-interval", SHORTEST, LONGEST));
    }
}
