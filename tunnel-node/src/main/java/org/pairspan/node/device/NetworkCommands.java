package org.pairspan.node.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pairspan.protocol.address.IpPrefix;

/**
 * Sets up one network interface through the {@code ip} command (iproute2). Each call starts the command with its arguments as a
 * list, no shell between, and waits for it at most {@value #TIMEOUT_SECONDS} seconds.
 */
final class NetworkCommands {
    private static final int TIMEOUT_SECONDS = 10;
    /** Its answer is one line; what a pipe holds before the command would wait is far more than that. */
    private static final int LONGEST_ANSWER = 4096;

    private final String device;

    NetworkCommands(String device) {
        this.device = device;
    }

    /** Gives the device its MTU, its queue, the longest gathered packet and its addresses, and then switches it on. */
    void bringUp(DeviceSettings settings) {
        // Without this the kernel would at once speak into the tunnel: router solicitations, duplicate address detection.
        if (Files.exists(Path.of("/proc/sys/net/ipv6/conf", device))) {
            ip("link", "set", "dev", device, "addrgenmode", "none");
        }
        ip("link", "set", "dev", device, "mtu", Integer.toString(settings.mtu()),
            "txqueuelen", Integer.toString(settings.queueLength()), "gso_max_size", Integer.toString(PacketDevice.LONGEST_PACKET));
        for (InterfaceAddress address : settings.addresses()) {
            ip("address", "add", address.toString(), "dev", device);
        }
        ip("link", "set", "dev", device, "up");
    }

    void addRoute(IpPrefix destination) {
        ip("route", "add", destination.toString(), "dev", device);
    }

    void removeRoute(IpPrefix destination) {
        ip("route", "del", destination.toString(), "dev", device);
    }

    private static void ip(String... arguments) {
        List<String> command = new ArrayList<>(arguments.length + 1);
        command.add("ip");
        command.addAll(List.of(arguments));
        String text = String.join(" ", command);
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new DeviceException("cannot run '" + text + "': install iproute2, or put the ip command on the PATH", e);
        }
        try {
            process.getOutputStream().close();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                throw new DeviceException("'" + text + "' did not end within " + TIMEOUT_SECONDS + " s; it was stopped");
            }
            String answer = new String(process.getInputStream().readNBytes(LONGEST_ANSWER), StandardCharsets.UTF_8).strip();
            if (process.exitValue() != 0) {
                throw new DeviceException("'" + text + "' failed: " + answer + remedy(answer));
            }
        } catch (IOException e) {
            throw new DeviceException("the answer of '" + text + "' cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeviceException("interrupted while waiting for '" + text + "'", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String remedy(String answer) {
        if (answer.contains("Operation not permitted")) {
            return " (setting up a network device needs CAP_NET_ADMIN: run as root or grant the capability)";
        }
        if (answer.contains("File exists") || answer.contains("already assigned")) {
            return " (another device has it already: see 'ip route', 'ip address', and the prefixes of the two sites)";
        }
        return "";
    }
}
