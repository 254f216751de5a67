package org.pairspan.node.config;

import java.util.HashMap;
import java.util.Map;
import org.pairspan.runtime.config.Settings;
import org.pairspan.runtime.identity.Identity;

/**
 * How this node deals with its peers.
 *
 * @param defaults for every peer that has none of its own.
 * @param own      those that some peers have, by id.
 */
public record PeersConfig(PeerConfig defaults, Map<String, PeerConfig> own) {
    private static final String PEERS = "peers";
    private static final String DEFAULTS = "peer-defaults";

    /** Keeps the map from changing. */
    public PeersConfig {
        own = Map.copyOf(own);
    }

    static PeersConfig read(Settings settings) {
        Map<String, PeerConfig> own = new HashMap<>();
        settings.named(PEERS, DEFAULTS).forEach((id, group) -> {
            if (!Identity.ID.matcher(id).matches()) {
                throw settings.invalid(PEERS, id, "must hold groups named by the ids of members, in quotes where they have dots");
            }
            own.put(id, PeerConfig.read(group));
        });
        return new PeersConfig(PeerConfig.read(settings.at(DEFAULTS)), own);
    }

    /** How the node deals with this peer. */
    public PeerConfig of(String peerId) {
        return own.getOrDefault(peerId, defaults);
    }
}
