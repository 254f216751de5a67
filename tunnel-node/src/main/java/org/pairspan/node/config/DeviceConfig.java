package org.pairspan.node.config;

import java.util.List;
import org.pairspan.node.device.DeviceSettings;
import org.pairspan.node.device.InterfaceAddress;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.config.Settings;

/**
 * The device that the site's own traffic goes through.
 *
 * @param settings how a device of the kernel is set up.
 * @param routes   led to the device from the start; may be none.
 */
public record DeviceConfig(Kind kind, DeviceSettings settings, List<IpPrefix> routes) {
    private static final String ADDRESSES = "addresses";

    /** What it is. */
    public enum Kind {
        /** A layer 3 device of the kernel. */
        TUN,
        /** None; packets are given and taken inside the process. */
        MEMORY
    }

    /** @param own what is behind this node: its own addresses are part of it, or no peer would answer them. */
    static DeviceConfig read(Settings settings, List<IpPrefix> own) {
        return new DeviceConfig(settings.enumOf("kind", Kind.class), deviceSettings(settings, own),
                settings.has("routes")
                        ? settings.parsedList("routes", "must be an IP prefix such as 10.0.0.0/8", IpPrefix::parse)
                        : List.of());
    }

    private static DeviceSettings deviceSettings(Settings settings, List<IpPrefix> own) {
        int mtu = settings.integer("mtu", DeviceSettings.SMALLEST_MTU, DeviceSettings.LARGEST_MTU);
        int queueLength = settings.integer("queue-length", DeviceSettings.SHORTEST_QUEUE, DeviceSettings.LONGEST_QUEUE);
        List<InterfaceAddress> addresses = settings.has(ADDRESSES) ? addresses(settings, own) : List.of();
        return settings.parsed("name", "must name a network device", name -> new DeviceSettings(name, mtu, queueLength, addresses));
    }

    private static List<InterfaceAddress> addresses(Settings settings, List<IpPrefix> own) {
        List<InterfaceAddress> addresses = settings.parsedList(ADDRESSES, "must be an address with its prefix length such as 10.99.0.1/24",
                InterfaceAddress::parse);
        for (int i = 0; i < addresses.size(); i++) {
            IpPrefix address = addresses.get(i).address();
            if (own.stream().noneMatch(prefix -> prefix.contains(address))) {
                throw settings.invalid(ADDRESSES + "[" + i + "]", addresses.get(i),
                        "must lie inside what is behind this node, prefixes = " + own + ": peers send answers to nothing else");
            }
        }
        return addresses;
    }
}
