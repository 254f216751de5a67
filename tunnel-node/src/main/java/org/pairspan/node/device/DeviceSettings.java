package org.pairspan.node.device;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What a TUN device is to be.
 *
 * @param name of the interface: 1 to 15 of letters, digits, dot, dash, underscore
 * @param mtu in octets, {@value #SMALLEST_MTU}..{@value #LARGEST_MTU}; it may well be larger than the path below, which
 *     fragments on its own
 * @param queueLength packets the kernel holds for the node to read, {@value #SHORTEST_QUEUE}..{@value #LONGEST_QUEUE}; it drops
 *     what comes when so many wait. A super-packet counts as one
 * @param addresses the interface's own; may be empty for a node that only forwards
 */
public record DeviceSettings(String name, int mtu, int queueLength, List<InterfaceAddress> addresses) {
    /** IPv6 needs 1280 (RFC 8200, section 5). */
    public static final int SMALLEST_MTU = 1280;
    public static final int LARGEST_MTU = PacketDevice.LONGEST_PACKET;

    public static final int SHORTEST_QUEUE = 16;
    public static final int LONGEST_QUEUE = 16_384;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,14}");

    /** @throws IllegalArgumentException when a value is outside its range; the message is for the operator */
    public DeviceSettings {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name
                + "' cannot name a device: 1 to 15 of letters, digits, dot, dash, underscore, beginning with none of dot and dash");
        }
        if (mtu < SMALLEST_MTU || mtu > LARGEST_MTU) {
            throw new IllegalArgumentException("MTU " + mtu + " is not within " + SMALLEST_MTU + ".." + LARGEST_MTU);
        }
        if (queueLength < SHORTEST_QUEUE || queueLength > LONGEST_QUEUE) {
            throw new IllegalArgumentException(
                "queue length " + queueLength + " is not within " + SHORTEST_QUEUE + ".." + LONGEST_QUEUE);
        }
        addresses = List.copyOf(addresses);
    }
}
