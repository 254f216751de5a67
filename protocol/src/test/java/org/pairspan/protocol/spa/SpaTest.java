package org.pairspan.protocol.spa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class SpaTest {
    private static final int ESP_HEADER_LENGTH = 16;
    private static final int ICV_LENGTH = 16;
    private static final int DATAGRAM_LENGTH = SpaHeader.LENGTH + ESP_HEADER_LENGTH + 20 + ICV_LENGTH;

    private final SpaAuthenticator authenticator = new SpaAuthenticator(counting(16), ESP_HEADER_LENGTH, ICV_LENGTH);

    @Test
    void theHeaderHasItsBytes() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[SpaHeader.LENGTH + 1]);
        SpaHeader.write(buffer, 1, 0xABCD);
        SpaHeader.writeTag(buffer, 1, 0x0807_0605_0403_0201L);
        assertEquals("000100abcd0102030405060708", HexFormat.of().formatHex(buffer.byteArray()));
        assertEquals(0xABCD, SpaHeader.datagramLength(buffer, 1));
        assertEquals(0x0807_0605_0403_0201L, SpaHeader.tag(buffer, 1));
        assertTrue(SpaHeader.isKnownVersion(buffer, 1));
        assertEquals("SPA{version=1 flags=0 datagramLength=43981}", SpaHeader.describe(buffer, 1));
    }

    @Test
    void otherVersionsAndAnyFlagAreUnknown() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[SpaHeader.LENGTH]);
        for (int first = 0; first < 256; first++) {
            for (int second = 0; second < 256; second++) {
                buffer.putByte(0, (byte) first);
                buffer.putByte(1, (byte) second);
                assertEquals(first == 1 && second == 0, SpaHeader.isKnownVersion(buffer, 0));
            }
        }
    }

    /** The test vectors of SipHash's authors: key 00 to 0f; here 4, 8 and 15 bytes that count from 0. */
    @Test
    void theTagIsSipHash24() {
        assertEquals("b7877127e09427cf", tagOfCounting(0, 0));
        assertEquals("6224939a79f5f593", tagOfCounting(4, 0));
        assertEquals("e545be4961ca29a1", tagOfCounting(8, 3));
    }

    @Test
    void theTagCoversHeaderEspHeaderAndIcv() {
        UnsafeBuffer datagram = datagram();
        for (int i = 0; i < DATAGRAM_LENGTH; i++) {
            boolean covered = i < SpaHeader.LENGTH + ESP_HEADER_LENGTH || i >= DATAGRAM_LENGTH - ICV_LENGTH;
            datagram.putByte(i, (byte) (datagram.getByte(i) ^ 0x80));
            assertEquals(!covered, authenticator.verify(datagram, 0, DATAGRAM_LENGTH), "byte " + i);
            datagram.putByte(i, (byte) (datagram.getByte(i) ^ 0x80));
        }
        assertTrue(authenticator.verify(datagram, 0, DATAGRAM_LENGTH));
    }

    @Test
    void aDestroyedAuthenticatorNoLongerKnowsItsKey() {
        UnsafeBuffer datagram = datagram();
        authenticator.destroy();
        assertFalse(authenticator.verify(datagram, 0, DATAGRAM_LENGTH));
    }

    private UnsafeBuffer datagram() {
        UnsafeBuffer datagram = new UnsafeBuffer(counting(DATAGRAM_LENGTH));
        SpaHeader.writeTag(datagram, 0, authenticator.tag(datagram, 0, DATAGRAM_LENGTH));
        return datagram;
    }

    /** The tag over 4 + espHeaderLength + icvLength bytes that count from 0, in hexadecimal as it stands in the header. */
    private static String tagOfCounting(int espHeaderLength, int icvLength) {
        byte[] message = counting(SpaHeader.TAGGED_LENGTH + espHeaderLength + icvLength);
        UnsafeBuffer datagram = new UnsafeBuffer(new byte[message.length + SpaHeader.LENGTH - SpaHeader.TAGGED_LENGTH]);
        datagram.putBytes(0, message, 0, SpaHeader.TAGGED_LENGTH);
        datagram.putBytes(SpaHeader.LENGTH, message, SpaHeader.TAGGED_LENGTH, espHeaderLength + icvLength);
        SpaHeader.writeTag(datagram, 0,
            new SpaAuthenticator(counting(16), espHeaderLength, icvLength).tag(datagram, 0, datagram.capacity()));
        return HexFormat.of().formatHex(datagram.byteArray(), SpaHeader.TAGGED_LENGTH, SpaHeader.LENGTH);
    }

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
