package org.pairspan.kms.policy;

import java.util.Optional;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.padding.PaddingSettings;

/**
 * What the policy asks of the two members of a pair; they are told with each association.
 *
 * @param trafficClass of packets for which a member's own rules name none; empty: the members' choice
 * @param padding      the least that traffic is padded
 * @param strict       no payload flows before a key exchange
 * @param exchange     the only key exchange allowed; empty: the members' choice
 */
public record PairTerms(Optional<TrafficClass> trafficClass, PaddingSettings padding, boolean strict, Optional<KeyExchange> exchange) {

    /** Nothing is asked. */
    public static final PairTerms NONE = new PairTerms(Optional.empty(), PaddingSettings.OFF, false, Optional.empty());
}
