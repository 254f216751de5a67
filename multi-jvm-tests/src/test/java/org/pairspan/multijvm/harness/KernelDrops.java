package org.pairspan.multijvm.harness;

import org.pairspan.cli.lab.Namespace;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a namespace's kernel says of its UDP: datagrams that no socket had room for. */
public final class KernelDrops {

    private KernelDrops() {
    }

    /** {@code RcvbufErrors} of {@code /proc/net/snmp}: delivered to a socket whose buffer was full. */
    public static long of(Namespace namespace) {
        return namespace.call(() -> {
            final List<String> udp = Files.readAllLines(Path.of("/proc/thread-self/net/snmp")).stream().filter(line -> line.startsWith("Udp:")).toList();
            final List<String> names = List.of(udp.get(0).split(" "));
            return Long.parseLong(udp.get(1).split(" ")[names.indexOf("RcvbufErrors")]);
        });
    }
}
