package org.pairspan.node.pipeline;

import java.time.Duration;
import java.util.List;
import org.pairspan.node.bearer.BearerSettings;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.SaLifetime;

/**
 * How the data plane is set up.
 *
 * @param bearer       the UDP side.
 * @param ownPrefixes  what lies behind this node: the only sources it sends from and the only destinations it takes.
 * @param policy       what may pass, and in which class.
 * @param lifetime     hard limits of a security association.
 * @param heldPackets  most packets that wait for a key.
 * @param heldBytes    most bytes that wait for a key.
 * @param holdTime     how long a packet waits for a key, or for a peer that is away.
 */
public record DataPlaneSettings(BearerSettings bearer, List<IpPrefix> ownPrefixes, SecurityPolicy policy, SaLifetime lifetime,
        int heldPackets, long heldBytes, Duration holdTime) {
    public DataPlaneSettings {
        ownPrefixes = List.copyOf(ownPrefixes);
    }
}
