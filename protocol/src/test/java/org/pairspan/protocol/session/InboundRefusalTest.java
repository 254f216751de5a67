package org.pairspan.protocol.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.ReplayWindow;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.spa.SpaHeader;
import org.pairspan.protocol.wire.DropReason;

/** What the receiving end refuses, and with which reason. */
class InboundRefusalTest {
    private static final Suite SUITE = Suite.AES_256_GCM;
    private static final String PAYLOAD = "aabb";
    private static final String GOOD_PLAINTEXT = PAYLOAD + "00fd";

    private final Forge forge = new Forge(SUITE);
    private final UnsafeBuffer opened = new UnsafeBuffer(new byte[1600]);
    private final InboundAssociation inbound = inbound(SUITE, SaLifetime.DEFAULT);

    @Test
    void theForgedDatagramsBelowAreRightButForTheirFault() {
        assertEquals(2, open(forge.datagram(1, 1, GOOD_PLAINTEXT)));
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void everyByteThatChangesOnTheWayIsRefused(Suite suite) {
        UnsafeBuffer datagram = protectedDatagram(suite, 100);
        InboundAssociation receiver = inbound(suite, SaLifetime.DEFAULT);
        for (int i = 0; i < datagram.capacity(); i++) {
            byte original = datagram.getByte(i);
            for (int bit = 0; bit < 8; bit++) {
                datagram.putByte(i, (byte) (original ^ 1 << bit));
                assertRefused(receiver.open(datagram, 0, datagram.capacity(), opened, 0, 1), EnumSet.of(DropReason.SPA_VERSION,
                    DropReason.SPA_LENGTH, DropReason.SPI_UNKNOWN, DropReason.SPA_TAG, DropReason.ICV), "byte " + i);
            }
            datagram.putByte(i, original);
        }
        assertEquals(0, receiver.packets());
        assertEquals(100, receiver.open(datagram, 0, datagram.capacity(), opened, 0, 1));
    }

    @Test
    void everyChangedByteBehindAFittingTagIsRefusedByEsp() {
        UnsafeBuffer datagram = protectedDatagram(SUITE, 100);
        for (int i = DatagramLayout.CIPHERTEXT_OFFSET; i < datagram.capacity(); i++) {
            datagram.putByte(i, (byte) (datagram.getByte(i) ^ 1));
            forge.retag(datagram);
            assertEquals(-DropReason.ICV.id(), open(datagram), "byte " + i);
            datagram.putByte(i, (byte) (datagram.getByte(i) ^ 1));
        }
        assertEquals(100, open(forge.retag(datagram)));
    }

    @Test
    void everyOtherLengthIsRefused() {
        UnsafeBuffer datagram = new UnsafeBuffer(ByteBuffer.allocateDirect(400));
        int length = outbound(SUITE).protect(EspTrailer.NEXT_HEADER_SEGMENT, datagram, 200, 100, datagram, 0, 1);
        for (int wrong = 0; wrong < 400; wrong++) {
            if (wrong != length) {
                DropReason expected = wrong < DatagramLayout.MIN_LENGTH ? DropReason.DATAGRAM_TOO_SHORT : DropReason.SPA_LENGTH;
                assertEquals(-expected.id(), inbound.open(datagram, 0, wrong, opened, 0, 1), "length " + wrong);
                assertEquals(0, InboundAssociation.peekSpi(datagram, 0, wrong));
                assertEquals(expected, InboundAssociation.precheck(datagram, 0, wrong));
            }
        }
    }

    @Test
    void aLengthThatIsNoMultipleOfFourIsRefusedEvenWhenTheHeaderAgrees() {
        UnsafeBuffer datagram = new UnsafeBuffer(new byte[DatagramLayout.MIN_LENGTH + 1]);
        SpaHeader.write(datagram, 0, datagram.capacity());
        assertEquals(DropReason.SPA_LENGTH, InboundAssociation.precheck(datagram, 0, datagram.capacity()));
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void garbageIsRefusedWithoutAnException(Suite suite) {
        InboundAssociation receiver = inbound(suite, SaLifetime.DEFAULT);
        UnsafeBuffer datagram = new UnsafeBuffer(ByteBuffer.allocateDirect(1500));
        byte[] garbage = new byte[1500];
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            random.nextBytes(garbage);
            datagram.putBytes(0, garbage);
            int length = random.nextInt(1501);
            if (length > DatagramLayout.MIN_LENGTH && random.nextBoolean()) {
                // Garbage that gets as far as someone without keys can get.
                length &= -4;
                SpaHeader.write(datagram, 0, length);
                datagram.putInt(DatagramLayout.ESP_OFFSET, Forge.SPI, ByteOrder.BIG_ENDIAN);
            }
            assertRefused(receiver.open(datagram, 0, length, opened, 0, 1), EnumSet.of(DropReason.DATAGRAM_TOO_SHORT,
                DropReason.SPA_VERSION, DropReason.SPA_LENGTH, DropReason.SPI_UNKNOWN, DropReason.SPA_TAG), "seed " + seed);
        }
        assertEquals(0, receiver.packets());
    }

    @Test
    void garbageInsideAFittingEnvelopeIsRefusedWithoutAnException() {
        for (long seed = 0; seed < 5_000; seed++) {
            Random random = new Random(seed);
            byte[] plaintext = new byte[4 * (1 + random.nextInt(20))];
            random.nextBytes(plaintext);
            plaintext[plaintext.length - 2] = (byte) random.nextInt(4);
            UnsafeBuffer datagram = forge.datagram((int) seed + 1, seed + 1, HexFormat.of().formatHex(plaintext));
            int result = open(datagram);
            if (result < 0) {
                assertRefused(result, EnumSet.of(DropReason.PADDING, DropReason.NEXT_HEADER),
                    "seed " + seed);
            }
        }
    }

    @Test
    void aReplayedDatagramIsRefused() {
        UnsafeBuffer datagram = protectedDatagram(SUITE, 100);
        assertEquals(100, open(datagram));
        assertEquals(-DropReason.REPLAYED.id(), open(datagram));
        assertEquals(1, inbound.packets());
    }

    @Test
    void aDatagramLeftOfTheWindowIsRefused() {
        open(forge.datagram(ReplayWindow.SIZE + 5, ReplayWindow.SIZE + 5, GOOD_PLAINTEXT));
        assertEquals(-DropReason.REPLAYED.id(), open(forge.datagram(5, 5, GOOD_PLAINTEXT)));
        assertEquals(2, open(forge.datagram(6, 6, GOOD_PLAINTEXT)));
    }

    @Test
    void aRefusedDatagramLeavesTheWindowToTheGenuineOne() {
        UnsafeBuffer datagram = protectedDatagram(SUITE, 100);
        datagram.putByte(40, (byte) (datagram.getByte(40) ^ 1));
        assertEquals(-DropReason.ICV.id(), open(datagram));
        datagram.putByte(40, (byte) (datagram.getByte(40) ^ 1));
        assertEquals(100, open(datagram));
    }

    @Test
    void sequenceNumberZeroIsRefused() {
        assertEquals(-DropReason.REPLAYED.id(), open(forge.datagram(0, 0, GOOD_PLAINTEXT)));
    }

    @Test
    void anInitialisationVectorThatIsNotTheSequenceNumberIsRefused() {
        assertEquals(-DropReason.ESN_MISMATCH.id(), open(forge.datagram(1, 2, GOOD_PLAINTEXT)));
        assertEquals(-DropReason.ESN_MISMATCH.id(), open(forge.datagram(1, 0x1_0000_0001L, GOOD_PLAINTEXT)));
    }

    @Test
    void paddingOtherThanOneTwoThreeIsRefused() {
        assertEquals(-DropReason.PADDING.id(), open(forge.datagram(1, 1, PAYLOAD + "01020305" + "04fd")));
        assertEquals(-DropReason.PADDING.id(), open(forge.datagram(2, 2, PAYLOAD + "fffd")));
    }

    @Test
    void anyNextHeaderButSegmentControlAndDummyIsRefused() {
        for (int nextHeader = 0; nextHeader < 256; nextHeader++) {
            int expected = switch (nextHeader) {
                case EspTrailer.NEXT_HEADER_SEGMENT, EspTrailer.NEXT_HEADER_CONTROL -> 2;
                case EspTrailer.NEXT_HEADER_DUMMY -> 0;
                default -> -DropReason.NEXT_HEADER.id();
            };
            String trailer = String.format("00%02x", nextHeader);
            assertEquals(expected, open(forge.datagram(nextHeader + 1, nextHeader + 1, PAYLOAD + trailer)));
        }
    }

    @Test
    void aDummyNeedsNoContent() {
        assertEquals(0, open(forge.datagram(1, 1, "0102023b")));
        assertEquals(EspTrailer.NEXT_HEADER_DUMMY, inbound.nextHeader());
    }

    @Test
    void anotherSpiIsNotThisAssociations() {
        UnsafeBuffer datagram = protectedDatagram(SUITE, 100);
        datagram.putByte(15, (byte) (datagram.getByte(15) ^ 1));
        assertEquals(-DropReason.SPI_UNKNOWN.id(), open(datagram));
    }

    @Test
    void theOtherDirectionsKeysOpenNothing() {
        byte[] pairKey = new byte[32];
        InboundAssociation reflected = new InboundAssociation(Forge.SPI, SUITE,
            KeySchedule.derive(SUITE, pairKey, "site-b", "site-a", 1, 2), SaLifetime.DEFAULT, 0);
        UnsafeBuffer datagram = protectedDatagram(SUITE, 100);
        assertEquals(-DropReason.SPA_TAG.id(), reflected.open(datagram, 0, datagram.capacity(), opened, 0, 1));
    }

    @Test
    void anAssociationPastItsLifetimeOpensNothing() {
        UnsafeBuffer datagram = protectedDatagram(SUITE, 100);
        InboundAssociation aged = inbound(SUITE, new SaLifetime(1000, 1000, 1000));
        assertEquals(-DropReason.SA_EXPIRED.id(), aged.open(datagram, 0, datagram.capacity(), opened, 0, 1000));
        assertEquals(100, aged.open(datagram, 0, datagram.capacity(), opened, 0, 999));
    }

    @Test
    void aDestroyedAssociationOpensNothing() {
        UnsafeBuffer datagram = protectedDatagram(SUITE, 100);
        inbound.destroy();
        assertEquals(-DropReason.SA_EXPIRED.id(), open(datagram));
    }

    private static OutboundAssociation outbound(Suite suite) {
        return new OutboundAssociation(Forge.SPI, suite, Forge.keys(suite), SaLifetime.DEFAULT, 0);
    }

    private static InboundAssociation inbound(Suite suite, SaLifetime lifetime) {
        return new InboundAssociation(Forge.SPI, suite, Forge.keys(suite), lifetime, 0);
    }

    private static UnsafeBuffer protectedDatagram(Suite suite, int payloadLength) {
        UnsafeBuffer datagram = new UnsafeBuffer(new byte[OutboundAssociation.datagramLength(payloadLength)]);
        outbound(suite).protect(EspTrailer.NEXT_HEADER_SEGMENT,
            new UnsafeBuffer(new byte[payloadLength]), 0, payloadLength, datagram, 0, 1);
        return datagram;
    }

    private int open(UnsafeBuffer datagram) {
        return inbound.open(datagram, 0, datagram.capacity(), opened, 0, 1);
    }

    private static void assertRefused(int result, Set<DropReason> reasons, String which) {
        assertTrue(result < 0 && reasons.contains(DropReason.ofId(-result)), () -> which + ": " + result);
    }
}
