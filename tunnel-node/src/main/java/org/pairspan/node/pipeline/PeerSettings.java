package org.pairspan.node.pipeline;

import org.pairspan.node.keyring.PeerTerms;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.protocol.padding.PaddingSettings;

/**
 * How the data plane deals with one peer.
 *
 * @param strict  whether no payload flows before a key exchange.
 * @param padding of what is sent.
 * @param usual   class of packets for which no rule names one.
 */
public record PeerSettings(boolean strict, PaddingSettings padding, TrafficClass usual) {
    /** As the node's own settings say. */
    public PeerSettings(boolean strict, PaddingSettings padding) {
        this(strict, padding, TrafficClass.DATAGRAM);
    }

    /** These with what the policy of the key service asks: nothing gets weaker. */
    PeerSettings under(PeerTerms terms) {
        return new PeerSettings(strict || terms.strict(), terms.stronger(padding), terms.trafficClass().orElse(usual));
    }

}
