package org.pairspan.protocol.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.ReplayWindow;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.SequenceNumbers;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspTrailer;

/** Whole datagrams, byte for byte, from the pair key on; computed by other implementations of HKDF, AEAD and SipHash. */
class DatagramVectorTest {
    private static final int SPI = 0x7002;
    private static final String PAYLOAD = "\1\2\3\4\5\0\n\0pairspan!";
    private static final long GENERATION = 0x1_0000_0002L;

    @ParameterizedTest
    @CsvSource({
        "AES_256_GCM, 1, 01000040dada72099a6d0ef3000070020000000100000000000000011218ecd4d4ee17c7b7f99349eb39ffd6"
            + "66d44a85954260eea2b6c7400fd1ef27d9f87da8",
        "AES_256_GCM, 4294967297, 010000405b4ad9563b080b6c0000700200000001000000010000000151f386c16ede14d0fc4455ba"
            + "ba75e59c17190c46a18dc2dbd548dffcd66e426cc09c3a0f",
        "CHACHA20_POLY1305, 1, 010000403a8815b9d12c9e6a000070020000000100000000000000010969985f5d733dc790035950"
            + "98d25b53e66f04d2a769b210147923f58e3ebfaf349634b8"})
    void aDatagramHasTheseBytes(Suite suite, long sequence, String expected) {
        OutboundAssociation outbound = new OutboundAssociation(SPI, suite, keys(suite), SaLifetime.DEFAULT, 0,
            new SequenceNumbers(sequence - 1, Long.MAX_VALUE));
        UnsafeBuffer payload = new UnsafeBuffer(PAYLOAD.getBytes(StandardCharsets.US_ASCII));
        UnsafeBuffer datagram = new UnsafeBuffer(new byte[OutboundAssociation.datagramLength(PAYLOAD.length())]);
        outbound.protect(EspTrailer.NEXT_HEADER_SEGMENT, payload, 0, PAYLOAD.length(), datagram, 0, 1);
        assertEquals(expected, HexFormat.of().formatHex(datagram.byteArray()));

        InboundAssociation inbound = new InboundAssociation(SPI, suite, keys(suite), SaLifetime.DEFAULT, 0,
            new ReplayWindow(sequence - 1));
        UnsafeBuffer opened = new UnsafeBuffer(new byte[datagram.capacity()]);
        assertEquals(PAYLOAD.length(), inbound.open(datagram, 0, datagram.capacity(), opened, 0, 1));
        assertEquals(EspTrailer.NEXT_HEADER_SEGMENT, inbound.nextHeader());
        assertEquals(PAYLOAD, opened.getStringWithoutLengthAscii(0, PAYLOAD.length()));
    }

    private static TrafficKeys keys(Suite suite) {
        byte[] pairKey = new byte[KeySchedule.PAIR_KEY_LENGTH];
        for (int i = 0; i < pairKey.length; i++) {
            pairKey[i] = (byte) i;
        }
        return KeySchedule.derive(suite, pairKey, "site-a", "site-b", 7, GENERATION);
    }
}
