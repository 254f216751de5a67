package org.pairspan.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node as an operator runs it: a process of its own, looked at with ctl, ended by a signal. */
@Timeout(120)
class RunningNodeTest {
    private static final int ENDED_BY_SIGTERM = 143;

    @TempDir
    Path folder;

    @Test
    void aNodeSaysThatItIsReadyShowsItselfToCtlAndEndsCleanlyOnASignal() throws IOException, InterruptedException {
        int port = freePort();
        Process node = start(List.of("node", "--config", configuration(port).toString()));
        try {
            assertTrue(firstLine(node).startsWith("node site-a ready: device pairspan0, bearer 127.0.0.1:" + port + ", NO KEY SERVICE YET"));

            Process list = start(List.of("ctl", "list"));
            assertTrue(output(list).lines().anyMatch(line -> line.contains(Long.toString(node.pid())) && line.contains("node")));

            Process status = start(List.of("ctl", "status", "--pid", Long.toString(node.pid())));
            String view = output(status);
            assertEquals(0, status.waitFor(), view);
            assertTrue(view.contains("NODE site-a"), view);
            assertTrue(view.lines().anyMatch(line -> line.matches("\\s*bearer\\s+127.0.0.1:" + port)), view);

            Process second = start(List.of("node", "--config", configuration(port).toString()));
            assertTrue(second.waitFor(60, TimeUnit.SECONDS));
            assertEquals(1, second.exitValue());
            assertTrue(Files.notExists(classData()), "a start that failed has used few classes");

            node.destroy();
            assertTrue(node.waitFor(30, TimeUnit.SECONDS));
            assertEquals(ENDED_BY_SIGTERM, node.exitValue());
            assertTrue(Files.size(classData()) > 1 << 20);
        } finally {
            node.destroyForcibly();
        }
    }

    private Path configuration(int port) throws IOException, InterruptedException {
        Path pki = folder.resolve("pki");
        if (Files.notExists(pki)) {
            for (List<String> command : List.of(List.of("pki", "ca", "--dir", pki.toString()),
                    List.of("pki", "member", "site-a", "--prefix", "10.1.0.0/16", "--dir", pki.toString()))) {
                Process making = start(command);
                assertEquals(0, making.waitFor(), () -> output(making));
            }
        }
        return Files.writeString(folder.resolve("node.conf"), """
            pairspan.node {
              identity { certificate = pki/site-a.crt, private-key = pki/site-a.key, authority = pki/ca.crt }
              key-service.servers = ["127.0.0.1:1"]
              bearer { host = "127.0.0.1", port = %d, directory = streams }
              device.kind = memory
              prefixes = ["10.1.0.0/16"]
            }
            """.formatted(port));
    }

    private Process start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(argument -> argument.startsWith("--")).forEach(command::add);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+RecordDynamicDumpInfo", "-Xlog:cds*=off", "-Xlog:aot*=off",
            "-D" + ClassDataArchive.FILE + "=" + classData(), "-cp", classPath(), "org.pairspan.cli.Main"));
        command.addAll(arguments);
        return new ProcessBuilder(command).redirectError(folder.resolve("errors.log").toFile()).start();
    }

    private Path classData() {
        return folder.resolve("node.jsa");
    }

    /** As the distribution has it: the JVM archives no classes that lie in folders. */
    private String classPath() throws IOException {
        List<String> jars = new ArrayList<>();
        for (String element : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(element);
            if (Files.isDirectory(path)) {
                Path jar = folder.resolve("classes-" + jars.size() + ".jar");
                if (Files.notExists(jar)) {
                    pack(path, jar);
                }
                jars.add(jar.toString());
            } else {
                jars.add(element);
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar)); Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }

    private static String firstLine(Process process) throws IOException {
        BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
        String line = reader.readLine();
        return line == null ? "(ended without a word)" : line;
    }

    private static String output(Process process) {
        return String.join("\n", process.inputReader(StandardCharsets.UTF_8).lines().toList());
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        }
    }
}
