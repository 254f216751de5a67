package org.pairspan.multijvm.harness;

import org.pairspan.cli.lab.Namespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the kernel of a namespace dropped because somebody did not read it soon enough. */
public final class KernelDrops {

    private static final int DEVICE_HEADER_LINES = 2;
    /** Of the numbers behind a device's name in {@code /proc/net/dev}: eight of what was received, then bytes, packets, errs and drop of what was sent. */
    private static final int SENT_AND_DROPPED = 11;

    private KernelDrops() {
    }

    /** {@code RcvbufErrors} of {@code /proc/net/snmp}: datagrams delivered to a socket whose buffer was full. */
    public static long of(Namespace namespace) {
        return namespace.call(() -> {
            final List<String> udp = lines("snmp").stream().filter(line -> line.startsWith("Udp:")).toList();
            final List<String> names = List.of(udp.get(0).split(" "));
            return Long.parseLong(udp.get(1).split(" ")[names.indexOf("RcvbufErrors")]);
        });
    }

    /** Packets sent into a device that was full: a TUN device that its node did not empty in time. */
    public static long ofDevices(Namespace namespace) {
        return namespace.call(() -> lines("dev").stream().skip(DEVICE_HEADER_LINES)
            .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip().split("\\s+")[SENT_AND_DROPPED])).sum());
    }

    private static List<String> lines(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/net", name));
    }
}
