package org.pairspan.node.policy;

import java.util.List;

/** Ports that a rule asks for: any, or those in a few ranges. Immutable. */
final class PortSet {
    /** First and last port of each range. */
    private final int[] bounds;

    /**
     * @param ranges without any, every port.
     */
    PortSet(List<PortRange> ranges) {
        bounds = new int[2 * ranges.size()];
        for (int i = 0; i < ranges.size(); i++) {
            bounds[2 * i] = ranges.get(i).from();
            bounds[2 * i + 1] = ranges.get(i).to();
        }
    }

    boolean isAny() {
        return bounds.length == 0;
    }

    boolean holds(int port) {
        for (int i = 0; i < bounds.length; i += 2) {
            if (port >= bounds[i] && port <= bounds[i + 1]) {
                return true;
            }
        }
        return isAny();
    }
}
