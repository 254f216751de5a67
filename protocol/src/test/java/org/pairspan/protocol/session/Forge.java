package org.pairspan.protocol.session;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.AeadCipher;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspHeader;
import org.pairspan.protocol.spa.SpaAuthenticator;
import org.pairspan.protocol.spa.SpaHeader;

/** Makes datagrams that only a holder of the keys can make, right or wrong in every field. */
final class Forge {
    static final int SPI = Spi.of(7, 2);

    private final Suite suite;

    Forge(Suite suite) {
        this.suite = suite;
    }

    static TrafficKeys keys(Suite suite) {
        byte[] pairKey = "a pair key of exactly 32 bytes !".getBytes(StandardCharsets.US_ASCII);
        return KeySchedule.derive(suite, pairKey, "site-a", "site-b", 1, 2);
    }

    /** A datagram with this sequence number and this initialisation vector around a padded plaintext in hexadecimal. */
    UnsafeBuffer datagram(int sequenceLow, long iv, String paddedPlaintext) {
        TrafficKeys keys = keys(suite);
        byte[] plaintext = HexFormat.of().parseHex(paddedPlaintext);
        UnsafeBuffer datagram = new UnsafeBuffer(new byte[DatagramLayout.OVERHEAD + plaintext.length]);
        SpaHeader.write(datagram, 0, datagram.capacity());
        EspHeader.write(datagram, DatagramLayout.ESP_OFFSET, SPI, iv);
        datagram.putInt(DatagramLayout.ESP_OFFSET + 4, sequenceLow, ByteOrder.BIG_ENDIAN);
        EspNonce nonce = new EspNonce(SPI, keys.salt());
        nonce.set(iv);
        suite.newCipher(keys.aeadKey()).seal(nonce.nonce, nonce.associatedData, new UnsafeBuffer(plaintext), 0,
            plaintext.length, datagram, DatagramLayout.CIPHERTEXT_OFFSET);
        return retag(datagram);
    }

    /** Makes the SPA tag fit whatever the datagram holds now. */
    UnsafeBuffer retag(UnsafeBuffer datagram) {
        SpaAuthenticator spa = new SpaAuthenticator(keys(suite).spaKey(), EspHeader.LENGTH, AeadCipher.TAG_LENGTH);
        SpaHeader.writeTag(datagram, 0, spa.tag(datagram, 0, datagram.capacity()));
        return datagram;
    }
}
