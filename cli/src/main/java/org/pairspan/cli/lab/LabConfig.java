package org.pairspan.cli.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the configuration files of the laboratory's key servers and nodes, such as an operator would write them. */
final class LabConfig {

    static final int MEMBER_PORT = 7400;
    static final int CLUSTER_PORT = 7300;
    static final int ENROLMENT_PORT = 7401;

    private LabConfig() {
    }

    /** Addresses with a port, as a HOCON list. */
    static String hostPorts(List<String> addresses, int port) {
        return list(addresses.stream().map(address -> address + ":" + port).toList());
    }

    /** Strings as a HOCON list. */
    static String list(List<String> values) {
        return values.stream().map(value -> '"' + value + '"').collect(Collectors.joining(", ", "[", "]"));
    }

    /** @param further more lines of the key server's settings */
    static Path keyServer(Path file, String name, String address, List<String> seeds, LabPki pki, Path journal, List<String> suites, String further)
        throws IOException {
        return Files.writeString(file, """
            pairspan.kms {
              name = "%s"
              %s
              cluster { host = "%s", port = %d, seeds = %s }
              member-link { host = "%s", port = %d }
              # Survives the death of any process; a machine that loses power is not part of this laboratory.
              journal { file = "%s", sync = false }
              sealing.master-key-file = "%s"
              association.suites = %s
              # Short, so that what is tested with it does not wait long.
              key-update { step-timeout = 1 s, again = 500 ms, grace = 2 s }
              enrolment { host = "%s", port = %d, authority-certificate = "%s", authority-key = "%s", certificate-validity = 24 s }
              %s
            }
            """.formatted(name, identity(pki, name), address, CLUSTER_PORT, hostPorts(seeds, CLUSTER_PORT), address, MEMBER_PORT,
            journal, pki.masterKey(), list(suites), address, ENROLMENT_PORT, pki.authority(), pki.authorityKey(), further));
    }

    /**
     * @param streams folder of the node's stream memory
     * @param device the lines of the device's settings
     * @param further more lines of the node's settings
     */
    static Path node(Path file, String id, List<String> prefixes, String bearerHost, Path streams, String device, List<String> keyServers, LabPki pki,
        List<String> suites, String further) throws IOException {
        return Files.writeString(file, """
            pairspan.node {
              %s
              key-service.servers = %s
              bearer { host = "%s", port = %d, directory = "%s" }
              device { %s }
              prefixes = %s
              suites = %s
              %s
            }
            """.formatted(identity(pki, id), hostPorts(keyServers, MEMBER_PORT), bearerHost, Site.BEARER_PORT, streams, device, list(prefixes),
            list(suites), further));
    }

    static String identity(LabPki pki, String id) {
        return "identity { certificate = \"%s\", private-key = \"%s\", authority = \"%s\" }"
            .formatted(pki.certificate(id), pki.privateKey(id), pki.authority());
    }
}
