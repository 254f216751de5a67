package org.pairspan.node.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a class in a process and a network namespace of its own, which live equally long, and reads what it found. */
public final class NamespaceProbe {
    /** A JVM believes in IPv6 only where some interface has an IPv6 address when it starts: the loopback's will do. */
    private static final List<String> NAMESPACE =
        List.of("unshare", "--net", "--", "sh", "-c", "ip link set dev lo up && exec \"$0\" \"$@\"");
    private static final List<String> POWERLESS = List.of("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", "--");

    private NamespaceProbe() {
    }

    /** Skips the test where this user can make neither a namespace nor a device. */
    public static void assumeAllowed() throws IOException, InterruptedException {
        assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "skipped: /dev/net/tun is not there, or not for this user");
        Process process = new ProcessBuilder("unshare", "--net", "--", "true").redirectErrorStream(true).start();
        assumeTrue(process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0,
            "skipped: this user may not make a network namespace (run as root)");
    }

    public static void assumeIpv6() {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "skipped: this kernel has no IPv6");
    }

    /** What {@code main} printed, one {@code name=value} a line. */
    public static Map<String, String> run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        return run(NAMESPACE, main, arguments);
    }

    /** As {@link #run} without the right to set up network devices. */
    static Map<String, String> runPowerless(Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> prefix = new ArrayList<>(NAMESPACE);
        prefix.addAll(POWERLESS);
        return run(prefix, main, arguments);
    }

    private static Map<String, String> run(List<String> prefix, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED",
            "--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
            Map<String, String> found = new HashMap<>();
            output.lines().filter(line -> line.contains("="))
                .forEach(line -> found.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1)));
            return found;
        } finally {
            process.destroyForcibly();
        }
    }
}
