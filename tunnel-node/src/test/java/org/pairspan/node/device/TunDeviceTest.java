package org.pairspan.node.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real TUN devices, each test in a network namespace that lives as long as its process ({@link TunProbe}). */
@Timeout(120)
class TunDeviceTest {
    /** A JVM believes in IPv6 only where some interface has an IPv6 address when it starts: the loopback's will do. */
    private static final List<String> NAMESPACE =
        List.of("unshare", "--net", "--", "sh", "-c", "ip link set dev lo up && exec \"$0\" \"$@\"");

    @BeforeAll
    static void onlyWhereNamespacesAreAllowed() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "skipped: /dev/net/tun is not there, or not for this user");
        assumeTrue(isAllowed(), "skipped: this user may not make a network namespace (run as root)");
    }

    @Test
    void aTcpStreamPassesInStretchesOfSixtyKilobytesOverIpv4() throws Exception {
        checkTraffic("10.77.0.1/24", "10.77.0.2");
    }

    @Test
    void aTcpStreamPassesInStretchesOfSixtyKilobytesOverIpv6() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/net/if_inet6")), "skipped: this kernel has no IPv6");
        checkTraffic("fd77::1/64", "fd77::2");
    }

    @Test
    void refusalsSayWhatToDo() throws Exception {
        Map<String, String> found = probe(NAMESPACE, "refusals");
        assertTrue(found.get("name in use").contains("choose another name"), found.toString());
        assertTrue(found.get("address refused").contains("'ip address add 10.78.0.1/24 dev probe1' failed"), found.toString());
        assertTrue(found.get("route refused").contains("another device has it already"), found.toString());
    }

    @Test
    void withoutTheCapabilityTheMessageNamesIt() throws Exception {
        List<String> powerless = new ArrayList<>(NAMESPACE);
        powerless.addAll(List.of("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin", "--"));
        Map<String, String> found = probe(powerless, "refusals");
        assertTrue(found.get("cannot open").contains("needs CAP_NET_ADMIN"), found.toString());
    }

    private static void checkTraffic(String one, String two) throws Exception {
        Map<String, String> found = probe(NAMESPACE, "traffic", one, two);
        assertEquals("true", found.get("intact"), found.toString());
        assertEquals("0", found.get("invalid"), "what the kernel gives must pass the check: " + found);
        assertEquals("0", found.get("refused"), found.toString());
        int largest = Integer.parseInt(found.get("largest"));
        assertTrue(largest > 50_000 && largest <= PacketDevice.LONGEST_PACKET, found.toString());
    }

    private static Map<String, String> probe(List<String> prefix, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp", System.getProperty("java.class.path"), TunProbe.class.getName()));
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

    private static boolean isAllowed() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("unshare", "--net", "--", "true").redirectErrorStream(true).start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
