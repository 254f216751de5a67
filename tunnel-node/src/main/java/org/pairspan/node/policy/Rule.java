package org.pairspan.node.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pairspan.protocol.address.IpPrefix;

/**
 * One entry of the security policy: which packets it means, and what is done with them. A selector that is empty means all. <em>Local</em>
 * is this site, <em>remote</em> the peer's: the source and the destination of what leaves, and the other way round of what arrives, so one
 * rule holds for both directions.
 *
 * @param name         the operator's, for reports.
 * @param action       what is done.
 * @param peers        identities of the peers it is about.
 * @param local        addresses at this site.
 * @param remote       addresses at the peer's.
 * @param protocol     above IP.
 * @param localPorts   ports at this site; only with a protocol that has ports.
 * @param remotePorts  ports at the peer's; likewise.
 * @param trafficClass how a packet travels that is protected; empty: as the policy of the key service says, else as a datagram.
 */
public record Rule(String name, Action action, Set<String> peers, List<IpPrefix> local, List<IpPrefix> remote, UpperProtocol protocol,
        List<PortRange> localPorts, List<PortRange> remotePorts, Optional<TrafficClass> trafficClass) {
    /** What is done with a packet. BYPASS of RFC 4301 is not among it: nothing leaves a node in clear. */
    public enum Action {
        /** It passes, in the tunnel. */
        PROTECT,
        /** It is dropped and counted. */
        DISCARD
    }

    /** @throws IllegalArgumentException when it asks for ports of a protocol that has none. */
    public Rule {
        peers = Set.copyOf(peers);
        local = List.copyOf(local);
        remote = List.copyOf(remote);
        localPorts = List.copyOf(localPorts);
        remotePorts = List.copyOf(remotePorts);
        if (!(localPorts.isEmpty() && remotePorts.isEmpty()) && !protocol.hasPorts()) {
            throw new IllegalArgumentException("rule '" + name + "' asks for ports of a protocol that has none");
        }
    }

    /** Whether it is about this peer. */
    boolean isAbout(String peerId) {
        return peers.isEmpty() || peers.contains(peerId);
    }

    /** Whether it means every packet of the peers it is about. */
    boolean meansEveryPacket() {
        return local.isEmpty() && remote.isEmpty() && protocol.equals(UpperProtocol.ANY);
    }

    /** Whether it means every packet of every peer, so that no rule after it is ever reached. */
    public boolean isLast() {
        return peers.isEmpty() && meansEveryPacket();
    }
}
