package org.pairspan.node.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.pairspan.node.bearer.BearerSettings;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.heartbeat.HeartbeatSettings;

/**
 * How the data plane is set up.
 *
 * @param bearer           the UDP side.
 * @param ownPrefixes      what lies behind this node: the only sources it sends from and the only destinations it takes.
 * @param policy           what may pass, and in which class.
 * @param hold             of packets without a key.
 * @param rekey            when keys are replaced.
 * @param lifetime         hard limits of a security association.
 * @param heartbeat        how soon a dead peer is noticed.
 * @param pathMtuDiscovery whether probes find out how large packets to a peer may be; without, the bearer's path MTU holds.
 * @param reliableBuffer   bytes that the reliable class keeps for each peer, each way.
 * @param peers            how to deal with a peer, by its id.
 */
public record DataPlaneSettings(BearerSettings bearer, List<IpPrefix> ownPrefixes, SecurityPolicy policy, Hold hold, SaLifetime rekey,
        SaLifetime lifetime, HeartbeatSettings heartbeat, boolean pathMtuDiscovery, long reliableBuffer,
        Function<String, PeerSettings> peers) {
    /** Keeps the list from changing. */
    public DataPlaneSettings {
        ownPrefixes = List.copyOf(ownPrefixes);
    }

    /**
     * What may wait for a key.
     *
     * @param packets most packets.
     * @param bytes   most bytes.
     * @param time    how long a packet waits for a key, or for a peer that is away.
     */
    public record Hold(int packets, long bytes, Duration time) {
    }
}
