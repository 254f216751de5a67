package org.pairspan.protocol.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.transport.FragmentHeader;

class AssociationPairTest {
    private static final int SPI = Spi.of(7, 1);

    @ParameterizedTest
    @EnumSource(Suite.class)
    void whatOneEndProtectsTheOtherOpens(Suite suite) {
        OutboundAssociation outbound = new OutboundAssociation(SPI, suite, keys(suite), SaLifetime.DEFAULT, 0);
        InboundAssociation inbound = new InboundAssociation(SPI, suite, keys(suite), SaLifetime.DEFAULT, 0);
        UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(65_536));
        UnsafeBuffer datagram = new UnsafeBuffer(ByteBuffer.allocateDirect(65_600));
        for (int length : new int[] {0, 1, 2, 3, 4, 1200, 1400, 9000, OutboundAssociation.payloadCapacity(65_535)}) {
            for (int i = 0; i < length; i++) {
                payload.putByte(i, (byte) (i * 31 + length));
            }
            long header = FragmentHeader.encode(length, 0, Math.max(1, length));
            int sent = outbound.protect(EspTrailer.NEXT_HEADER_FRAGMENT, header, payload, 0, length, datagram, 5, 1);
            assertEquals(OutboundAssociation.datagramLength(length), sent);
            assertEquals(SPI, InboundAssociation.peekSpi(datagram, 5, sent));
            assertEquals(length, inbound.open(datagram, 5, sent, 1));
            assertEquals(header, inbound.fragmentHeader());
            assertEquals(EspTrailer.NEXT_HEADER_FRAGMENT, inbound.nextHeader());
            for (int i = 0; i < length; i++) {
                assertEquals(payload.getByte(i), inbound.payloadBuffer().getByte(inbound.payloadOffset() + i));
            }
        }
        assertEquals(9, outbound.packets());
        assertEquals(9, inbound.packets());
        assertEquals(outbound.bytes(), inbound.bytes());
    }

    @ParameterizedTest
    @CsvSource({"1472", "1473", "1474", "1475", "1452", "100", "60", "54"})
    void theLargestPayloadFitsAndOneMoreByteDoesNot(int maxDatagramLength) {
        int capacity = OutboundAssociation.payloadCapacity(maxDatagramLength);
        assertEquals(maxDatagramLength / 4 * 4, OutboundAssociation.datagramLength(capacity));
        assertEquals(maxDatagramLength / 4 * 4 + 4, OutboundAssociation.datagramLength(capacity + 1));
    }

    private static TrafficKeys keys(Suite suite) {
        byte[] pairKey = "a pair key of exactly 32 bytes !".getBytes(StandardCharsets.US_ASCII);
        return KeySchedule.derive(suite, pairKey, "site-a", "site-b", 1, 1);
    }
}
