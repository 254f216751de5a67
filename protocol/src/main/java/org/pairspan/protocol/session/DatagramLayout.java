package org.pairspan.protocol.session;

import org.pairspan.protocol.crypto.AeadCipher;
import org.pairspan.protocol.esp.EspHeader;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.spa.SpaHeader;

/** Where the parts of a datagram lie: SPA header, ESP header with initialisation vector, ciphertext, ICV. */
final class DatagramLayout {
    static final int ESP_OFFSET = SpaHeader.LENGTH;
    static final int CIPHERTEXT_OFFSET = ESP_OFFSET + EspHeader.LENGTH;
    /** Bytes around the ciphertext. */
    static final int OVERHEAD = CIPHERTEXT_OFFSET + AeadCipher.TAG_LENGTH;
    /** An ESP packet has at least its trailer, which is aligned to four bytes. */
    static final int MIN_LENGTH = OVERHEAD + EspTrailer.paddedLength(0);
    static final int MAX_LENGTH = 0xFFFF;

    private DatagramLayout() {
    }

    static int datagramLength(int payloadLength) {
        return OVERHEAD + EspTrailer.paddedLength(payloadLength);
    }

    static int payloadCapacity(int maxDatagramLength) {
        return EspTrailer.plaintextCapacity(Math.min(maxDatagramLength, MAX_LENGTH) - OVERHEAD);
    }
}
