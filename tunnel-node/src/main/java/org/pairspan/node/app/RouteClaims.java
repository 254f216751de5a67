package org.pairspan.node.app;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.pairspan.node.device.DeviceException;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.protocol.address.IpPrefix;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which peers claim which routes into the device. A route goes only when its last claim does: a prefix that moves from one peer to
 * another is claimed by both until the first has a new grant, and without the route its packets would leave in clear. For the same reason
 * nothing but a new grant ends the claims of a peer, not even that the peer is gone or that its grant was rolled back: what goes there is
 * dropped by this node and counted, or asks for the peer that may come back. One thread.
 */
final class RouteClaims {
    private static final Logger LOG = LoggerFactory.getLogger(RouteClaims.class);

    private final PacketDevice device;
    private final Map<Integer, Set<IpPrefix>> claims = new HashMap<>();
    private final Set<IpPrefix> present = new HashSet<>();

    /** @param device that the routes lead to. */
    RouteClaims(PacketDevice device) {
        this.device = device;
    }

    /**
     * The peer claims these prefixes from now on and no others. A route that could not be set is tried again with the next claim to it.
     *
     * @param peerNumber of the peer.
     * @param peerId     its identity, for the log.
     * @param prefixes   that it claims.
     */
    void claim(int peerNumber, String peerId, Set<IpPrefix> prefixes) {
        Set<IpPrefix> before = claims.put(peerNumber, Set.copyOf(prefixes));
        if (before != null) {
            before.stream().filter(prefix -> !isClaimed(prefix)).forEach(prefix -> remove(peerId, prefix));
        }
        prefixes.forEach(prefix -> add(peerId, prefix));
    }

    private boolean isClaimed(IpPrefix prefix) {
        return claims.values().stream().anyMatch(claimed -> claimed.contains(prefix));
    }

    private void add(String peerId, IpPrefix prefix) {
        if (!present.contains(prefix) && attempt(peerId, prefix, () -> device.addRoute(prefix))) {
            present.add(prefix);
        }
    }

    /** A route that may still be there after a failure counts as gone, so that the next claim sets it in any case. */
    private void remove(String peerId, IpPrefix prefix) {
        if (present.remove(prefix)) {
            attempt(peerId, prefix, () -> device.removeRoute(prefix));
        }
    }

    private static boolean attempt(String peerId, IpPrefix prefix, Runnable change) {
        try {
            change.run();
            return true;
        } catch (DeviceException e) {
            LOG.warn("The route {} of {} could not be changed: {}", prefix, peerId, e.getMessage());
            return false;
        }
    }
}
