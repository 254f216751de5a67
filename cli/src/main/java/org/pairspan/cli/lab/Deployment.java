package org.pairspan.cli.lab;

import org.pairspan.runtime.certificate.KeyKind;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Pairspan installed in a laboratory: certificates and configuration files in one folder, and its programs as processes, three key
 * servers and one node a site. Whatever is started here ends when the laboratory closes.
 */
public final class Deployment {

    /** The longest a program may take to be ready on a busy machine of two cores. */
    public static final Duration START_LIMIT = Duration.ofSeconds(120);

    private static final String MAIN = "org.pairspan.cli.Main";
    /** Small and soon warm: these live for minutes and share a few cores with everything else. */
    private static final List<String> KEY_SERVER_JVM = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final List<String> NODE_JVM = List.of("-Xmx256m", "-XX:+UseSerialGC");
    private static final List<String> BRIEF_NODE_JVM = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final LabResources resources;
    private final List<Namespace> keyServerNamespaces;
    private final List<String> keyServerAddresses;
    private final Path folder;
    private final LabPki pki;
    /** The nodes' stream memory: a node that was killed can't tidy up itself. */
    private final TemporaryFolder streams;
    private final List<String> suites;
    /** Null where keys are not handed out over ETSI GS QKD 014. */
    private KeyDelivery delivery;
    /** Null where each start reads its classes from the jars. */
    private ClassDataArchives classData;

    /**
     * Makes the authority and the certificates of the key servers.
     *
     * @param resources takes what is started here
     * @param keyServerNamespace where the key servers run; null for the network this JVM sees
     * @param keyServerAddresses one for each key server
     * @param folder where everything goes
     * @param suites the suites that pairs may use, by their names, best first
     */
    public Deployment(LabResources resources, Namespace keyServerNamespace, List<String> keyServerAddresses, Path folder,
        KeyKind certificates, List<String> suites) throws IOException {
        this(resources, Collections.nCopies(keyServerAddresses.size(), keyServerNamespace), keyServerAddresses, folder, certificates, suites);
    }

    private Deployment(LabResources resources, List<Namespace> keyServerNamespaces, List<String> keyServerAddresses, Path folder,
        KeyKind certificates, List<String> suites) throws IOException {
        this.resources = resources;
        this.keyServerNamespaces = keyServerNamespaces;
        this.keyServerAddresses = keyServerAddresses;
        this.folder = Files.createDirectories(folder);
        this.suites = List.copyOf(suites);
        this.pki = new LabPki(folder.resolve("pki"), certificates);
        this.streams = resources.closing(TemporaryFolder.inMemory("pairspan-lab-"));
        for (int number = 1; number <= keyServerAddresses.size(); number++) {
            pki.issueKms(keyServerName(number));
        }
    }

    /** As an operator would install it in a network laboratory. */
    public Deployment(NetworkLab lab, Path folder, KeyKind certificates, List<String> suites) throws IOException {
        this(lab.resources(), lab.keys(), lab.keyServerAddresses(), folder, certificates, suites);
    }

    /** As {@link #Deployment(LabResources, Namespace, List, Path, KeyKind, List)}, with a machine of its own for each key server. */
    public static Deployment onMachines(StarNetwork network, List<String> machines, Path folder, KeyKind certificates, List<String> suites) throws IOException {
        return new Deployment(network.resources(), machines.stream().map(network::machine).toList(), machines.stream().map(network::address).toList(),
            folder, certificates, suites);
    }

    public LabPki pki() {
        return pki;
    }

    /** Where each process's output is kept. */
    public Path logs() {
        return folder.resolve("logs");
    }

    /** The name of a key server, 1 to 3. */
    public static String keyServerName(int number) {
        return "kms-" + number;
    }

    /** The addresses of all key servers, where members connect to. */
    public List<String> keyServerAddresses() {
        return keyServerAddresses;
    }

    /** The TCP port at those addresses. */
    public static int memberPort() {
        return LabConfig.MEMBER_PORT;
    }

    /** The TCP port at those addresses where members get certificates. */
    public static int enrolmentPort() {
        return LabConfig.ENROLMENT_PORT;
    }

    /**
     * Has key servers that are started from now on hand out keys over ETSI GS QKD 014.
     *
     * @param saes ids of members that take such keys
     */
    public KeyDelivery deliverKeys(List<String> saes) throws IOException {
        delivery = new KeyDelivery(new LabPki(folder.resolve("etsi-014"), KeyKind.ECDSA_P256), saes);
        for (int number = 1; number <= keyServerAddresses.size(); number++) {
            delivery.pki().issueKms(keyServerName(number), keyServerAddresses.get(number - 1));
        }
        for (final String sae : saes) {
            delivery.pki().issueMember(sae, List.of());
        }
        return delivery;
    }

    /** Has programs that are started from now on use archives of class data, or write them. */
    public void useClassData(ClassDataArchives archives) {
        classData = archives;
    }

    /** Starts a key server, 1 to 3, and does not wait for it; see {@link #awaitReady}. */
    public LabProcess startKeyServer(int number) throws IOException {
        return startKeyServer(number, keyServerAddresses, "");
    }

    /**
     * As {@link #startKeyServer(int)}.
     *
     * @param seeds addresses of the key servers it joins through
     * @param further more lines of configuration, which win over those before
     */
    public LabProcess startKeyServer(int number, List<String> seeds, String further) throws IOException {
        final String name = keyServerName(number);
        final Path config = LabConfig.keyServer(folder.resolve(name + ".conf"), name, keyServerAddresses.get(number - 1),
            seeds, pki, folder.resolve("journal.db"), suites,
            (delivery == null ? "" : delivery.settings(name, keyServerAddresses.get(number - 1))) + further);
        return resources.closing(LabProcess.start(keyServerNamespaces.get(number - 1), name, logs(),
            command(KEY_SERVER_JVM, "kms", config)));
    }

    /** Starts all key servers and waits until each can serve. */
    public List<LabProcess> startKeyServers() throws IOException {
        final List<LabProcess> servers = new ArrayList<>();
        for (int number = 1; number <= keyServerAddresses.size(); number++) {
            servers.add(startKeyServer(number));
        }
        servers.forEach(Deployment::awaitReady);
        return servers;
    }

    /** Issues the certificate of a site's node. */
    public void enrol(Site site) throws IOException {
        pki.issueMember(site.memberId(), site.prefixes());
    }

    /** Starts the node of an enrolled site and does not wait for it. */
    public LabProcess startNode(Site site) throws IOException {
        return startNode(site, "");
    }

    /** As {@link #startNode(Site)}, with further lines of configuration. */
    public LabProcess startNode(Site site, String further) throws IOException {
        return startNode(site, NODE_JVM, further);
    }

    /**
     * As {@link #startNode(Site, String)}, for a node that lives for seconds and carries some Mbit/s at most: without the optimizing compiler, which
     * takes a good part of the processor time of a start.
     */
    public LabProcess startBriefNode(Site site, String further) throws IOException {
        return startNode(site, BRIEF_NODE_JVM, further);
    }

    private LabProcess startNode(Site site, List<String> jvm, String further) throws IOException {
        return resources.closing(LabProcess.start(site.namespace(), "node-" + site.memberId(), logs(), nodeCommand(site, jvm, further)));
    }

    /** The command that runs a site's node. */
    public List<String> nodeCommand(Site site, String further) throws IOException {
        return nodeCommand(site, NODE_JVM, further);
    }

    private List<String> nodeCommand(Site site, List<String> jvm, String further) throws IOException {
        final String device = "name = \"pairspan0\", addresses = %s, routes = %s".formatted(
            LabConfig.list(List.of(site.address() + "/32", site.address6() + "/128")), LabConfig.list(List.of("10.0.0.0/8", "fd00::/16")));
        final Path config = writeNodeConfig(site.memberId(), site.prefixes(), site.wireAddress(), device, further);
        return command(jvm, "node", config);
    }

    private List<String> command(List<String> jvm, String program, Path config) {
        final List<String> options = new ArrayList<>(jvm);
        if (classData != null) {
            options.addAll(classData.options(program));
        }
        return JavaCommand.of(options, MAIN, List.of(program, "--config", config.toString()));
    }

    /** Writes the configuration file of a node whose packets are given and taken inside its process. */
    public Path memoryNode(String id, List<String> prefixes, String bearerHost, int mtu) throws IOException {
        pki.issueMember(id, prefixes);
        return writeNodeConfig(id, prefixes, bearerHost, "kind = memory, mtu = " + mtu, "");
    }

    private Path writeNodeConfig(String id, List<String> prefixes, String bearerHost, String device, String further) throws IOException {
        return LabConfig.node(folder.resolve(id + ".conf"), id, prefixes, bearerHost, streams.file(id), device, keyServerAddresses, pki, suites, further);
    }

    /** Waits for a program's readiness line or its death. */
    public static String awaitReady(LabProcess process) {
        return process.awaitLine(" ready: ", START_LIMIT);
    }
}
