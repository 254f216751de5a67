package org.pairspan.cli.lab;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A network of machines around one switch, each a namespace of its own with one interface. Any two can be cut from each other, and only
 * they. Nothing of it shows on the host; it goes, with all that was handed to {@link #resources()}, at {@link #close} or when the JVM ends.
 */
public final class StarNetwork implements AutoCloseable {

    private static final String SUBNET = "198.51.100.";

    private final LabResources resources = new LabResources();
    private final Map<String, Namespace> machines = new LinkedHashMap<>();

    private StarNetwork(List<String> names) {
        final int number = NetworkLab.nextNumber();
        final Namespace hub = NetworkLab.namespace(resources, number, "hub");
        NetworkLab.ip(hub, "link add bridge type bridge", "link set bridge addrgenmode none", "link set bridge up");
        for (final String name : names) {
            final Namespace machine = NetworkLab.namespace(resources, number, name);
            machines.put(name, machine);
            NetworkLab.link(machine, "wire", address(name) + "/24", hub, "to-" + name, null);
            NetworkLab.ip(hub, "link set to-" + name + " master bridge");
        }
    }

    /**
     * Makes the machines.
     *
     * @param names one each, at most 12 characters
     * @throws LabException when this process may not, see {@link LabAccess}
     */
    public static StarNetwork create(List<String> names) {
        NetworkLab.removeLeftovers();
        return new StarNetwork(names);
    }

    /** The namespace of a machine; null where none has this name. */
    public Namespace machine(String name) {
        return machines.get(name);
    }

    /** The IPv4 address of a machine. */
    public String address(String name) {
        return SUBNET + (1 + new ArrayList<>(machines.keySet()).indexOf(name));
    }

    /** Lets nothing pass between a machine and those others, either way, in silence; what was cut from it before passes again. Needs {@code nft}. */
    public void cut(String name, Collection<String> others) {
        final List<String> nft = machines.get(name).command(List.of("nft", "-f", "-"));
        String rules = "table inet cut {}\ndelete table inet cut\n";
        if (!others.isEmpty()) {
            final String addresses = others.stream().map(this::address).collect(Collectors.joining(", ", "{ ", " }"));
            rules += """
                table inet cut {
                  chain arriving { type filter hook input priority 0; ip saddr %1$s drop; }
                  chain leaving { type filter hook output priority 0; ip daddr %1$s drop; }
                }
                """.formatted(addresses);
        }
        Command.succeed(nft, rules);
    }

    /** What goes when the network goes, before the namespaces do. */
    public LabResources resources() {
        return resources;
    }

    @Override
    public void close() {
        resources.close();
    }
}
