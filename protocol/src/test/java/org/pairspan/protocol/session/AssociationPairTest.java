package org.pairspan.protocol.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspTrailer;

class AssociationPairTest {
    private static final int SPI = Spi.of(7, 1);

    @ParameterizedTest
    @EnumSource(Suite.class)
    void whatOneEndProtectsTheOtherOpens(Suite suite) {
        OutboundAssociation outbound = new OutboundAssociation(SPI, suite, keys(suite), SaLifetime.DEFAULT, 0);
        InboundAssociation inbound = new InboundAssociation(SPI, suite, keys(suite), SaLifetime.DEFAULT, 0);
        UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(65_536));
        UnsafeBuffer datagram = new UnsafeBuffer(ByteBuffer.allocateDirect(65_600));
        UnsafeBuffer opened = new UnsafeBuffer(ByteBuffer.allocateDirect(65_600));
        for (int length : new int[] {0, 1, 2, 3, 4, 1200, 1400, 9000, OutboundAssociation.payloadCapacity(65_535)}) {
            for (int i = 0; i < length; i++) {
                payload.putByte(i, (byte) (i * 31 + length));
            }
            int sent = outbound.protect(EspTrailer.NEXT_HEADER_SEGMENT, payload, 0, length, datagram, 5, 1);
            assertEquals(OutboundAssociation.datagramLength(length), sent);
            assertEquals(SPI, InboundAssociation.peekSpi(datagram, 5, sent));
            assertEquals(length, inbound.open(datagram, 5, sent, opened, 3, 1));
            assertTrue(inbound.highest());
            assertEquals(EspTrailer.NEXT_HEADER_SEGMENT, inbound.nextHeader());
            for (int i = 0; i < length; i++) {
                assertEquals(payload.getByte(i), opened.getByte(3 + i));
            }
        }
        assertEquals(9, outbound.packets());
        assertEquals(9, inbound.packets());
        assertEquals(outbound.bytes(), inbound.bytes());
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void aPayloadPutTogetherInPlaceIsProtectedAsOneThatIsCopied(Suite suite) {
        OutboundAssociation outbound = new OutboundAssociation(SPI, suite, keys(suite), SaLifetime.DEFAULT, 0);
        InboundAssociation inbound = new InboundAssociation(SPI, suite, keys(suite), SaLifetime.DEFAULT, 0);
        UnsafeBuffer datagram = new UnsafeBuffer(ByteBuffer.allocateDirect(9_100));
        UnsafeBuffer opened = new UnsafeBuffer(ByteBuffer.allocateDirect(9_100));
        for (int length : new int[] {1, 100, 1428, 9_000}) {
            MutableDirectBuffer payload = outbound.payloadBuffer(length);
            payload.setMemory(0, length, (byte) length);
            int sent = outbound.protect(EspTrailer.NEXT_HEADER_SEGMENT, payload, 0, length, datagram, 0, 1);
            assertEquals(length, inbound.open(datagram, 0, sent, opened, 0, 1));
            assertEquals((byte) length, opened.getByte(0));
            assertEquals((byte) length, opened.getByte(length - 1));
        }
    }

    @Test
    void paddingIsZerosBehindThePayloadAndCountsAsSuch() {
        OutboundAssociation outbound = new OutboundAssociation(SPI, Suite.AES_256_GCM, keys(Suite.AES_256_GCM), SaLifetime.DEFAULT, 0);
        InboundAssociation inbound = new InboundAssociation(SPI, Suite.AES_256_GCM, keys(Suite.AES_256_GCM), SaLifetime.DEFAULT, 0);
        UnsafeBuffer payload = new UnsafeBuffer(new byte[] {1, 2, 3});
        UnsafeBuffer datagram = new UnsafeBuffer(new byte[1472]);
        UnsafeBuffer opened = new UnsafeBuffer(new byte[1472]);
        opened.setMemory(0, 1472, (byte) 0x55);
        int padTo = OutboundAssociation.payloadCapacity(1472);
        assertEquals(1472, outbound.protect(EspTrailer.NEXT_HEADER_CONTROL, payload, 0, 3, padTo, datagram, 0, 1));
        assertEquals(padTo, inbound.open(datagram, 0, 1472, opened, 0, 1));
        assertEquals(EspTrailer.NEXT_HEADER_CONTROL, inbound.nextHeader());
        assertEquals(3, opened.getByte(2));
        for (int i = 3; i < padTo; i++) {
            assertEquals(0, opened.getByte(i), "byte " + i);
        }
        assertEquals(padTo, outbound.bytes());
        assertEquals(padTo, inbound.bytes());
    }

    @Test
    void aDatagramThatWasOvertakenIsNotTheHighest() {
        OutboundAssociation outbound = new OutboundAssociation(SPI, Suite.AES_256_GCM, keys(Suite.AES_256_GCM), SaLifetime.DEFAULT, 0);
        InboundAssociation inbound = new InboundAssociation(SPI, Suite.AES_256_GCM, keys(Suite.AES_256_GCM), SaLifetime.DEFAULT, 0);
        UnsafeBuffer first = new UnsafeBuffer(new byte[100]);
        UnsafeBuffer second = new UnsafeBuffer(new byte[100]);
        int length = outbound.protect(EspTrailer.NEXT_HEADER_DUMMY, first, 0, 0, first, 0, 1);
        outbound.protect(EspTrailer.NEXT_HEADER_DUMMY, second, 0, 0, second, 0, 1);
        assertEquals(0, inbound.open(second, 0, length, new UnsafeBuffer(new byte[8]), 0, 1));
        assertTrue(inbound.highest());
        assertEquals(0, inbound.open(first, 0, length, new UnsafeBuffer(new byte[8]), 0, 1));
        assertFalse(inbound.highest());
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
