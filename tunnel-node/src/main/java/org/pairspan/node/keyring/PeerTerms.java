package org.pairspan.node.keyring;

import java.util.Arrays;
import java.util.Optional;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.keyservice.Padding;
import org.pairspan.protocol.keyservice.Terms;
import org.pairspan.protocol.padding.PaddingMode;
import org.pairspan.protocol.padding.PaddingSettings;

/**
 * What the policy of the key service asks of this node and a peer.
 *
 * @param trafficClass of packets for which our own rules name none; empty: ours to choose.
 * @param padding      the least that is padded.
 * @param strict       whether no payload flows before a key exchange.
 * @param exchange     the only one allowed; empty: ours to choose.
 */
public record PeerTerms(Optional<TrafficClass> trafficClass, PaddingSettings padding, boolean strict, Optional<KeyExchange> exchange) {
    /** Nothing is asked. */
    public static final PeerTerms NONE = new PeerTerms(Optional.empty(), PaddingSettings.OFF, false, Optional.empty());

    /** @throws OfferException when they hold something that is not known here: it could not be kept. */
    static PeerTerms of(Terms message) throws OfferException {
        boolean known = message.getUnknownFields().asMap().isEmpty() && message.getPadding().getUnknownFields().asMap().isEmpty();
        if (!known) {
            throw new OfferException("its terms hold more than this version knows; update this node");
        }
        try {
            return new PeerTerms(trafficClass(message), padding(message.getPadding()), message.getStrict(), exchange(message.getKeyExchange()));
        } catch (IllegalArgumentException e) {
            throw new OfferException("its terms are not known to this version: " + e.getMessage() + "; update this node");
        }
    }

    private static Optional<TrafficClass> trafficClass(Terms message) {
        return switch (message.getTrafficClass()) {
            case CLASS_UNSPECIFIED -> Optional.empty();
            case DATAGRAM -> Optional.of(TrafficClass.DATAGRAM);
            case RELIABLE -> Optional.of(TrafficClass.RELIABLE);
            case UNRECOGNIZED -> throw new IllegalArgumentException("traffic class " + message.getTrafficClassValue());
        };
    }

    private static PaddingSettings padding(Padding message) {
        return switch (message.getMode()) {
            case NONE -> PaddingSettings.OFF;
            case MULTIPLE -> new PaddingSettings(PaddingMode.MULTIPLE, message.getMultiple(), 0);
            case FULL -> new PaddingSettings(PaddingMode.FULL, 0, 0);
            case CONSTANT_RATE -> new PaddingSettings(PaddingMode.CONSTANT_RATE, 0, message.getIntervalNanos());
            case UNRECOGNIZED -> throw new IllegalArgumentException("padding " + message.getModeValue());
        };
    }

    private static Optional<KeyExchange> exchange(int number) {
        return number == 0 ? Optional.empty() : Optional.of(Arrays.stream(KeyExchange.values())
                .filter(exchange -> exchange.namedGroup() == number).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("key exchange " + Integer.toUnsignedString(number))));
    }

    /** The stronger of our own padding and the one that is asked: it hides more, or as much and costs more. */
    public PaddingSettings stronger(PaddingSettings own) {
        int difference = own.mode().compareTo(padding.mode());
        if (difference != 0) {
            return difference > 0 ? own : padding;
        }
        return switch (padding.mode()) {
            case NONE, FULL -> own;
            case MULTIPLE -> own.multiple() >= padding.multiple() ? own : padding;
            case CONSTANT_RATE -> own.intervalNs() <= padding.intervalNs() ? own : padding;
        };
    }
}
