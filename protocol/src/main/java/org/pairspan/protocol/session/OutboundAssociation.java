package org.pairspan.protocol.session;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.SequenceNumbers;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.AeadCipher;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspHeader;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.spa.SpaAuthenticator;
import org.pairspan.protocol.spa.SpaHeader;

/**
 * The sending end of a security association: makes whole datagrams, SPA in front of ESP, until a hard limit of its lifetime. One
 * thread; times are nanoseconds of one monotonic clock.
 */
public final class OutboundAssociation {
    /** What {@link #protect} answers past a hard limit. */
    public static final int EXHAUSTED = -1;

    private static final int INITIAL_PLAINTEXT_CAPACITY = 2048;

    private final int spi;
    private final Suite suite;
    private final TrafficKeys keys;
    private final SaLifetime hard;
    private final SaLifetime soft;
    private final long createdAtNs;
    private final AeadCipher cipher;
    private final SpaAuthenticator spa;
    private final EspNonce espNonce;
    private final SequenceNumbers sequenceNumbers;
    private MutableDirectBuffer plaintext;
    private long packets;
    private long bytes;
    private boolean destroyed;

    /**
     * @param spi as the receiver knows it.
     * @param keys taken over; destroyed with the association.
     * @param lifetime hard limits.
     */
    public OutboundAssociation(int spi, Suite suite, TrafficKeys keys, SaLifetime lifetime, long createdAtNs) {
        this(spi, suite, keys, lifetime, createdAtNs, new SequenceNumbers(lifetime.maxPackets()));
    }

    OutboundAssociation(int spi, Suite suite, TrafficKeys keys, SaLifetime lifetime, long createdAtNs,
                        SequenceNumbers sequenceNumbers) {
        this.spi = spi;
        this.suite = suite;
        this.keys = keys;
        this.hard = lifetime;
        this.soft = lifetime.soft();
        this.createdAtNs = createdAtNs;
        this.cipher = suite.newCipher(keys.aeadKey());
        this.spa = new SpaAuthenticator(keys.spaKey(), EspHeader.LENGTH, AeadCipher.TAG_LENGTH);
        this.espNonce = new EspNonce(spi, keys.salt());
        this.sequenceNumbers = sequenceNumbers;
        this.plaintext = cipher.plaintextBuffer(INITIAL_PLAINTEXT_CAPACITY);
    }

    /**
     * Writes one whole datagram of {@link #datagramLength} bytes at {@code out[outOffset]}.
     *
     * @param nextHeader of the ESP trailer, 0 to 255.
     * @param payload holding what is to be protected; what was put together at the start of {@link #payloadBuffer} is not copied again.
     * @param length of the payload, 0 to {@code payloadCapacity(65535)}.
     * @return the datagram's length, or {@link #EXHAUSTED} past a hard limit or after {@link #destroy}; then nothing is written.
     */
    public int protect(int nextHeader, DirectBuffer payload, int offset, int length, MutableDirectBuffer out, int outOffset,
                       long nowNs) {
        return protect(nextHeader, payload, offset, length, length, out, outOffset, nowNs);
    }

    /**
     * The same with traffic flow confidentiality padding (RFC 4303 section 2.7): zeros behind the payload, which the payload's own
     * format must tell from its content.
     *
     * @param padTo length of payload and zeros; where it is less than {@code length} there are none.
     */
    public int protect(int nextHeader, DirectBuffer payload, int offset, int length, int padTo, MutableDirectBuffer out,
                       int outOffset, long nowNs) {
        int filledLength = Math.max(length, padTo);
        int datagramLength = datagramLength(filledLength);
        if (length < 0 || datagramLength > DatagramLayout.MAX_LENGTH) {
            throw new IllegalArgumentException("a payload has 0 to " + payloadCapacity(DatagramLayout.MAX_LENGTH)
                + " bytes, not " + filledLength);
        }
        out.boundsCheck(outOffset, datagramLength);
        payload.boundsCheck(offset, length);
        if (destroyed || filledLength > hard.maxBytes() - bytes || nowNs - createdAtNs >= hard.maxAgeNs()) {
            return EXHAUSTED;
        }
        long sequence = sequenceNumbers.next();
        if (sequence == SequenceNumbers.EXHAUSTED) {
            return EXHAUSTED;
        }
        MutableDirectBuffer plain = plaintextFrom(payload, offset, length, datagramLength - DatagramLayout.OVERHEAD);
        plain.setMemory(length, filledLength - length, (byte) 0);
        int plaintextLength = EspTrailer.append(plain, 0, filledLength, nextHeader);
        SpaHeader.write(out, outOffset, datagramLength);
        EspHeader.write(out, outOffset + DatagramLayout.ESP_OFFSET, spi, sequence);
        espNonce.set(sequence);
        cipher.seal(espNonce.nonce, espNonce.associatedData, plain, 0, plaintextLength, out,
            outOffset + DatagramLayout.CIPHERTEXT_OFFSET);
        SpaHeader.writeTag(out, outOffset, spa.tag(out, outOffset, datagramLength));
        packets++;
        bytes += filledLength;
        return datagramLength;
    }

    /**
     * Where a payload is best put together, from index 0: {@link #protect} then copies nothing.
     *
     * @param capacity longest payload that is wanted, padding included.
     * @return a buffer that is valid until the next call on this association.
     */
    public MutableDirectBuffer payloadBuffer(int capacity) {
        return plaintextOfAtLeast(EspTrailer.paddedLength(capacity));
    }

    /** Whether one of these limits is reached. */
    public boolean reached(SaLifetime limits, long nowNs) {
        return limits.reachedBy(sequenceNumbers.current(), bytes, nowNs - createdAtNs);
    }

    /** Whether the own, smaller limits are reached, so that a successor is wanted. */
    public boolean softLimitReached(long nowNs) {
        return reached(soft, nowNs);
    }

    /** Length of the whole datagram for a payload of this length. */
    public static int datagramLength(int payloadLength) {
        return DatagramLayout.datagramLength(payloadLength);
    }

    /** The largest payload whose datagram is no longer than this; below 0 where none fits. */
    public static int payloadCapacity(int maxDatagramLength) {
        return DatagramLayout.payloadCapacity(maxDatagramLength);
    }

    /** The security parameters index that these datagrams carry, as the receiver knows it. */
    public int spi() {
        return spi;
    }

    /** How packets are protected. */
    public Suite suite() {
        return suite;
    }

    /** Datagrams made. */
    public long packets() {
        return packets;
    }

    /** Payload bytes protected, padding with zeros included. */
    public long bytes() {
        return bytes;
    }

    /** Wipes the keys; the association protects nothing more. */
    public void destroy() {
        destroyed = true;
        keys.destroy();
        cipher.destroy();
        spa.destroy();
        espNonce.destroy();
        wipe();
    }

    @Override
    public String toString() {
        return "OutboundAssociation[spi=0x" + Integer.toHexString(spi) + " suite=" + suite.wireName() + " packets=" + packets
            + ']';
    }

    private MutableDirectBuffer plaintextFrom(DirectBuffer payload, int offset, int length, int capacity) {
        if (payload == plaintext && offset == 0) {
            plaintext.boundsCheck(0, capacity);
            return plaintext;
        }
        MutableDirectBuffer plain = plaintextOfAtLeast(capacity);
        plain.putBytes(0, payload, offset, length);
        return plain;
    }

    private MutableDirectBuffer plaintextOfAtLeast(int capacity) {
        if (plaintext.capacity() < capacity) {
            wipe();
            plaintext = cipher.plaintextBuffer(Math.max(capacity, 2 * plaintext.capacity()));
        }
        return plaintext;
    }

    private void wipe() {
        plaintext.setMemory(0, plaintext.capacity(), (byte) 0);
    }
}
