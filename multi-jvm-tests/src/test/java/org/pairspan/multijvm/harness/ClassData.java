package org.pairspan.multijvm.harness;

import org.pairspan.cli.lab.ClassDataArchives;
import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.JavaCommand;
import org.pairspan.cli.lab.LabAccess;
import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.NetworkLab;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.TemporaryFolder;
import org.pairspan.cli.lab.traffic.UdpEcho;
import org.pairspan.cli.lab.traffic.UdpProbe;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.certificate.KeyKind;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Archives of class data that all key servers and nodes of the scenarios start with, as installed ones do: most of what the scenarios cost is
 * starts. One key server and two nodes that talk write them before the first scenario, once for the jars of a build.
 */
public final class ClassData {

    private static final Path FOLDER = Path.of("target", "class-data");
    private static final int PORT = 7100;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private ClassData() {
    }

    /** Those of this build, which whoever comes first has made; none where Pairspan does not come in jars, or may make no network. */
    public static synchronized ClassDataArchives archives() throws IOException {
        final Path folder = FOLDER.resolve(nameOf(System.getProperty("java.class.path")));
        if (JavaCommand.inJars() && LabAccess.find() == LabAccess.DIRECT && !Files.exists(folder)) {
            removeEarlier();
            write(folder);
        }
        return ClassDataArchives.in(folder);
    }

    /** Changes with each jar. */
    private static String nameOf(String classPath) throws IOException {
        int hash = 0;
        for (final String entry : classPath.split(File.pathSeparator)) {
            final Path file = Path.of(entry);
            if (Files.isRegularFile(file)) {
                hash = 31 * hash + List.of(entry, Files.size(file), Files.getLastModifiedTime(file).toMillis()).hashCode();
            }
        }
        return Integer.toHexString(hash);
    }

    private static void removeEarlier() throws IOException {
        if (!Files.exists(FOLDER)) {
            return;
        }
        try (Stream<Path> all = Files.walk(FOLDER)) {
            for (final Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static void write(Path folder) throws IOException {
        final Path unfinished = folder.resolveSibling(folder.getFileName() + ".unfinished");
        final TemporaryFolder files = TemporaryFolder.onDisk("pairspan-class-data-");
        try (NetworkLab lab = NetworkLab.create()) {
            lab.closing(files);
            final List<String> suites = Stream.of(Suite.values()).map(Suite::wireName).toList();
            final Deployment deployment = new Deployment(lab, files.path(), KeyKind.SM2, suites);
            deployment.enrol(lab.siteA());
            deployment.enrol(lab.siteB());
            // The archive of one node serves all, so the other one need not write any.
            final LabProcess other = deployment.startBriefNode(lab.siteB(), "");
            deployment.useClassData(ClassDataArchives.writtenTo(unfinished));
            final LabProcess keyServer = deployment.startKeyServer(1, lab.keyServerAddresses().subList(0, 1), "");
            final LabProcess node = deployment.startBriefNode(lab.siteA(), "");
            List.of(other, keyServer, node).forEach(Deployment::awaitReady);
            letTalk(lab.siteA(), lab.siteB());
            new ManagementClient(lab.keys(), keyServer).read("type=KeyService,*");
            new ManagementClient(lab.siteA().namespace(), node).read("type=Peer,*");
            final List<LabProcess> writers = List.of(keyServer, node);
            writers.forEach(LabProcess::askToEnd);
            writers.forEach(writer -> writer.stop(LIMIT));
        }
        Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void letTalk(Site from, Site to) throws IOException {
        final InetSocketAddress target = new InetSocketAddress(to.address(), PORT);
        try (UdpEcho echo = UdpEcho.start(to.namespace(), target);
             UdpProbe probe = UdpProbe.start(from.namespace(), target, Duration.ofMillis(10))) {
            for (int answers = 0; answers < 50; answers++) {
                if (!probe.awaitAnswer(LIMIT)) {
                    throw new LabException("no answer from " + echo);
                }
            }
        }
    }
}
