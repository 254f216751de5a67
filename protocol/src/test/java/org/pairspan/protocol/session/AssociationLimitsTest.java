package org.pairspan.protocol.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.association.ReplayWindow;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.SequenceNumbers;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspHeader;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.wire.DropReason;

class AssociationLimitsTest {
    private static final Suite SUITE = Suite.AES_256_GCM;
    private static final long CREATED_NS = Long.MAX_VALUE - 500;

    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[100]);
    private final UnsafeBuffer datagram = new UnsafeBuffer(new byte[200]);
    private final UnsafeBuffer opened = new UnsafeBuffer(new byte[200]);

    @Test
    void packetsStopAtTheHardLimitAndNothingIsWritten() {
        OutboundAssociation outbound = outbound(new SaLifetime(10, 1 << 20, 1 << 20));
        for (int i = 1; i <= 10; i++) {
            assertTrue(protect(outbound, 0) > 0);
            assertEquals(i >= 9, outbound.softLimitReached(CREATED_NS), "packet " + i);
        }
        datagram.setMemory(0, datagram.capacity(), (byte) 0x55);
        assertEquals(OutboundAssociation.EXHAUSTED, protect(outbound, 0));
        for (int i = 0; i < datagram.capacity(); i++) {
            assertEquals(0x55, datagram.getByte(i));
        }
        assertEquals(10, outbound.packets());
    }

    @Test
    void bytesStopAtTheHardLimit() {
        OutboundAssociation outbound = outbound(new SaLifetime(1000, 250, 1 << 20));
        assertTrue(protect(outbound, 0) > 0);
        assertTrue(protect(outbound, 0) > 0);
        assertFalse(outbound.softLimitReached(CREATED_NS));
        assertEquals(OutboundAssociation.EXHAUSTED, protect(outbound, 0));
        assertEquals(200, outbound.bytes());
    }

    @Test
    void ageStopsAtTheHardLimitAlsoWhereTheClockWraps() {
        OutboundAssociation outbound = outbound(new SaLifetime(1000, 1 << 20, 800));
        assertFalse(outbound.softLimitReached(CREATED_NS + 699));
        assertTrue(outbound.softLimitReached(CREATED_NS + 700));
        assertTrue(protect(outbound, 799) > 0);
        assertEquals(OutboundAssociation.EXHAUSTED, protect(outbound, 800));
    }

    @Test
    void sequenceNumbersGoOver32BitsWithoutAGap() {
        long before = 0xFFFF_FFFDL;
        SaLifetime lifetime = new SaLifetime(1L << 33, 1L << 40, 1 << 20);
        OutboundAssociation outbound = new OutboundAssociation(Forge.SPI, SUITE, Forge.keys(SUITE), lifetime, CREATED_NS,
            new SequenceNumbers(before, lifetime.maxPackets()));
        InboundAssociation inbound = new InboundAssociation(Forge.SPI, SUITE, Forge.keys(SUITE), lifetime, CREATED_NS,
            new ReplayWindow(before));
        for (int i = 1; i <= 6; i++) {
            int length = protect(outbound, 0);
            assertEquals((int) (before + i), EspHeader.sequenceLow(datagram, DatagramLayout.ESP_OFFSET));
            assertEquals(100, inbound.open(datagram, 0, length, opened, 0, CREATED_NS));
            assertEquals(-DropReason.REPLAYED.id(), inbound.open(datagram, 0, length, opened, 0, CREATED_NS));
        }
    }

    @Test
    void aDestroyedAssociationProtectsNothingAndItsKeysAreGone() {
        TrafficKeys keys = Forge.keys(SUITE);
        OutboundAssociation outbound = new OutboundAssociation(Forge.SPI, SUITE, keys, SaLifetime.DEFAULT, CREATED_NS);
        outbound.destroy();
        assertEquals(OutboundAssociation.EXHAUSTED, protect(outbound, 0));
        assertThrows(IllegalStateException.class, keys::aeadKey);
    }

    @Test
    void aPayloadThatNoDatagramCanCarryIsAnError() {
        OutboundAssociation outbound = outbound(SaLifetime.DEFAULT);
        UnsafeBuffer large = new UnsafeBuffer(new byte[70_000]);
        int capacity = OutboundAssociation.payloadCapacity(Integer.MAX_VALUE);
        assertEquals(capacity, OutboundAssociation.payloadCapacity(65_535));
        assertThrows(IllegalArgumentException.class, () -> outbound.protect(EspTrailer.NEXT_HEADER_SEGMENT, large, 0,
            capacity + 1, large, 0, CREATED_NS));
        assertThrows(IndexOutOfBoundsException.class, () -> outbound.protect(EspTrailer.NEXT_HEADER_SEGMENT, payload, 0,
            100, new UnsafeBuffer(new byte[100]), 0, CREATED_NS));
        assertEquals(0, outbound.packets());
    }

    @Test
    void textSaysNoMoreThanSpiSuiteAndPackets() {
        assertEquals("OutboundAssociation[spi=0x7100 suite=aes-256-gcm packets=0]", outbound(SaLifetime.DEFAULT).toString());
        assertEquals("InboundAssociation[spi=0x7100 suite=aes-256-gcm packets=0]",
            new InboundAssociation(Forge.SPI, SUITE, Forge.keys(SUITE), SaLifetime.DEFAULT, 0).toString());
    }

    private static OutboundAssociation outbound(SaLifetime lifetime) {
        return new OutboundAssociation(Forge.SPI, SUITE, Forge.keys(SUITE), lifetime, CREATED_NS);
    }

    private int protect(OutboundAssociation outbound, long ageNs) {
        return outbound.protect(EspTrailer.NEXT_HEADER_SEGMENT, payload, 0, 100, datagram, 0,
            CREATED_NS + ageNs);
    }
}
