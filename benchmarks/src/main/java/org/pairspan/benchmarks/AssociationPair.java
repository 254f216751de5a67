package org.pairspan.benchmarks;

import java.util.Arrays;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.session.OutboundAssociation;

/** The two ends of one security association, with a key that is no secret and limits that no measurement reaches. */
public record AssociationPair(OutboundAssociation outbound, InboundAssociation inbound) {
    /** What is left of an Ethernet frame's 1500 octets after IPv4 and UDP headers. */
    public static final int DATAGRAM_LENGTH = 1472;
    /** Of ESP, for what carries payload. */
    public static final int NEXT_HEADER_SEGMENT = 253;
    static final int SPI = Spi.of(1, 1);

    private static final SaLifetime ENDLESS = new SaLifetime(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    /** A new association, in one direction. */
    public static AssociationPair of(Suite suite) {
        byte[] pairKey = new byte[KeySchedule.PAIR_KEY_LENGTH];
        Arrays.fill(pairKey, (byte) 7);
        return new AssociationPair(
            new OutboundAssociation(SPI, suite, KeySchedule.derive(suite, pairKey, "site-a", "site-b", 1, 1), ENDLESS, 0),
            new InboundAssociation(SPI, suite, KeySchedule.derive(suite, pairKey, "site-a", "site-b", 1, 1), ENDLESS, 0));
    }

    void destroy() {
        outbound.destroy();
        inbound.destroy();
    }
}
