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
    /** What it is. */
    public enum Kind {
        /** A layer 3 device of the kernel. */
        TUN,
        /** None; packets are given and taken inside the process. */
        MEMORY
    }

    static DeviceConfig read(Settings settings) {
        return new DeviceConfig(settings.enumOf("kind", Kind.class), deviceSettings(settings),
                settings.has("routes")
                        ? settings.parsedList("routes", "must be an IP prefix such as 10.0.0.0/8", IpPrefix::parse)
                        : List.of());
    }

    private static DeviceSettings deviceSettings(Settings settings) {
        int mtu = settings.integer("mtu", DeviceSettings.SMALLEST_MTU, DeviceSettings.LARGEST_MTU);
        int queueLength = settings.integer("queue-length", DeviceSettings.SHORTEST_QUEUE, DeviceSettings.LONGEST_QUEUE);
        List<InterfaceAddress> addresses = settings.has("addresses")
                ? settings.parsedList("addresses", "must be an address with its prefix length such as 10.99.0.1/24",
                        InterfaceAddress::parse)
                : List.of();
        return settings.parsed("name", "must name a network device", name -> new DeviceSettings(name, mtu, queueLength, addresses));
    }
}
