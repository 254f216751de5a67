package org.pairspan.protocol.session;

import java.nio.ByteOrder;
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
import org.pairspan.protocol.transport.FragmentHeader;

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
     * @param fragmentHeader as {@link FragmentHeader#encode} makes it.
     * @param length of the payload, 0 to {@code payloadCapacity(65535)}.
     * @return the datagram's length, or {@link #EXHAUSTED} past a hard limit or after {@link #destroy}; then nothing is written.
     */
    public int protect(int nextHeader, long fragmentHeader, DirectBuffer payload, int offset, int length,
                       MutableDirectBuffer out, int outOffset, long nowNs) {
        int datagramLength = datagramLength(length);
        if (length < 0 || datagramLength > DatagramLayout.MAX_LENGTH) {
            throw new IllegalArgumentException("a payload has 0 to " + payloadCapacity(DatagramLayout.MAX_LENGTH)
                + " bytes, not " + length);
        }
        out.boundsCheck(outOffset, datagramLength);
        payload.boundsCheck(offset, length);
        if (destroyed || length > hard.maxBytes() - bytes || nowNs - createdAtNs >= hard.maxAgeNs()) {
            return EXHAUSTED;
        }
        long sequence = sequenceNumbers.next();
        if (sequence == SequenceNumbers.EXHAUSTED) {
            return EXHAUSTED;
        }
        MutableDirectBuffer plain = plaintextOfAtLeast(datagramLength - DatagramLayout.OVERHEAD);
        plain.putLong(0, fragmentHeader, ByteOrder.BIG_ENDIAN);
        plain.putBytes(FragmentHeader.LENGTH, payload, offset, length);
        int plaintextLength = EspTrailer.append(plain, 0, FragmentHeader.LENGTH + length, nextHeader);
        SpaHeader.write(out, outOffset, datagramLength);
        EspHeader.write(out, outOffset + DatagramLayout.ESP_OFFSET, spi, sequence);
        espNonce.set(sequence);
        cipher.seal(espNonce.nonce, espNonce.associatedData, plain, 0, plaintextLength, out,
            outOffset + DatagramLayout.CIPHERTEXT_OFFSET);
        SpaHeader.writeTag(out, outOffset, spa.tag(out, outOffset, datagramLength));
        packets++;
        bytes += length;
        return datagramLength;
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

    public int spi() {
        return spi;
    }

    /** Datagrams made. */
    public long packets() {
        return packets;
    }

    /** Payload bytes protected. */
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
        plaintext.setMemory(0, plaintext.capacity(), (byte) 0);
    }

    @Override
    public String toString() {
        return "OutboundAssociation[spi=0x" + Integer.toHexString(spi) + " suite=" + suite.wireName() + " packets=" + packets
            + ']';
    }

    private MutableDirectBuffer plaintextOfAtLeast(int capacity) {
        if (plaintext.capacity() < capacity) {
            plaintext.setMemory(0, plaintext.capacity(), (byte) 0);
            plaintext = cipher.plaintextBuffer(Math.max(capacity, 2 * plaintext.capacity()));
        }
        return plaintext;
    }
}
