package org.pairspan.kms.endpoint;

import org.pairspan.kms.policy.PairTerms;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.keyservice.Padding;
import org.pairspan.protocol.keyservice.Terms;
import org.pairspan.protocol.padding.PaddingSettings;

/** What the policy asks of two members, as they are told. */
final class TermsMessage {

    private TermsMessage() {
    }

    /** The empty message where nothing is asked. */
    static Terms of(PairTerms terms) {
        Terms.Builder message = Terms.newBuilder().setStrict(terms.strict())
                .setKeyExchange(terms.exchange().map(KeyExchange::namedGroup).orElse(0));
        terms.trafficClass().ifPresent(trafficClass -> message.setTrafficClass(switch (trafficClass) {
            case DATAGRAM -> Terms.TrafficClass.DATAGRAM;
            case RELIABLE -> Terms.TrafficClass.RELIABLE;
        }));
        if (!terms.padding().equals(PaddingSettings.OFF)) {
            message.setPadding(padding(terms.padding()));
        }
        return message.build();
    }

    private static Padding padding(PaddingSettings padding) {
        return switch (padding.mode()) {
            case NONE -> Padding.getDefaultInstance();
            case MULTIPLE -> Padding.newBuilder().setMode(Padding.Mode.MULTIPLE).setMultiple(padding.multiple()).build();
            case FULL -> Padding.newBuilder().setMode(Padding.Mode.FULL).build();
            case CONSTANT_RATE -> Padding.newBuilder().setMode(Padding.Mode.CONSTANT_RATE).setIntervalNanos(padding.intervalNs()).build();
        };
    }
}
