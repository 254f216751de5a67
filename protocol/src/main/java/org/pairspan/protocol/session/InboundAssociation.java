package org.pairspan.protocol.session;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.protocol.association.ReplayWindow;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.AeadCipher;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspHeader;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.esp.ExtendedSequence;
import org.pairspan.protocol.spa.SpaAuthenticator;
import org.pairspan.protocol.spa.SpaHeader;
import org.pairspan.protocol.wire.DropReason;

/**
 * The receiving end of a security association. The order of its checks is the order of what they cost: length and version, SPA tag,
 * lifetime, replay, ESP, and only then does anything change. One thread; times are nanoseconds of one monotonic clock.
 */
public final class InboundAssociation {
    private final int spi;
    private final Suite suite;
    private final TrafficKeys keys;
    private final SaLifetime hard;
    private final long createdAtNs;
    private final AeadCipher cipher;
    private final SpaAuthenticator spa;
    private final EspNonce espNonce;
    private final ReplayWindow window;
    private final boolean prefersHeap;
    private int nextHeader;
    private boolean highest;
    private long packets;
    private long bytes;
    private boolean destroyed;

    /**
     * @param keys taken over; destroyed with the association.
     * @param lifetime hard limits.
     */
    public InboundAssociation(int spi, Suite suite, TrafficKeys keys, SaLifetime lifetime, long createdAtNs) {
        this(spi, suite, keys, lifetime, createdAtNs, new ReplayWindow());
    }

    InboundAssociation(int spi, Suite suite, TrafficKeys keys, SaLifetime lifetime, long createdAtNs, ReplayWindow window) {
        this.spi = spi;
        this.suite = suite;
        this.keys = keys;
        this.hard = lifetime;
        this.createdAtNs = createdAtNs;
        this.cipher = suite.newCipher(keys.aeadKey());
        this.spa = new SpaAuthenticator(keys.spaKey(), EspHeader.LENGTH, AeadCipher.TAG_LENGTH);
        this.espNonce = new EspNonce(spi, keys.salt());
        this.window = window;
        this.prefersHeap = cipher.plaintextBuffer(1).byteArray() != null;
    }

    /**
     * The SPI of a datagram, or 0, which no association has, when {@link #precheck} finds a fault. Whoever sends nonsense may also
     * send the SPI 0; then it is just another one that nobody knows.
     *
     * @param length of the datagram as it came from the bearer.
     */
    public static int peekSpi(DirectBuffer datagram, int offset, int length) {
        return precheck(datagram, offset, length) == null ? EspHeader.spi(datagram, offset + DatagramLayout.ESP_OFFSET) : 0;
    }

    /** What is wrong with a datagram before any association is looked for; null when nothing is. */
    public static DropReason precheck(DirectBuffer datagram, int offset, int length) {
        if (length < DatagramLayout.MIN_LENGTH) {
            return DropReason.DATAGRAM_TOO_SHORT;
        }
        if (!SpaHeader.isKnownVersion(datagram, offset)) {
            return DropReason.SPA_VERSION;
        }
        // RFC 4303 section 2.4: the ICV ends at a multiple of four bytes.
        boolean fits = SpaHeader.datagramLength(datagram, offset) == length && length % 4 == 0;
        return fits ? null : DropReason.SPA_LENGTH;
    }

    /** Whether {@link #open} writes best into memory on the heap; otherwise best outside it. The other costs one more copy. */
    public boolean prefersHeap() {
        return prefersHeap;
    }

    /**
     * Opens one datagram and writes its payload at {@code out[outOffset]}, where the padding and the trailer are written behind it: up to
     * {@code length} bytes are overwritten, also when the datagram does not open. What a dummy packet (next header 59) holds has no meaning: it opens with length 0. Never throws for
     * what a datagram holds.
     *
     * @return the payload's length, 0 or more, or the negated id of a {@link DropReason}.
     */
    public int open(DirectBuffer datagram, int offset, int length, MutableDirectBuffer out, int outOffset, long nowNs) {
        DropReason fault = precheck(datagram, offset, length);
        if (fault == null) {
            fault = checkAndDecrypt(datagram, offset, length, out, outOffset, nowNs);
        }
        return fault == null ? readTrailer(out, outOffset, length - DatagramLayout.OVERHEAD) : -fault.id();
    }

    private DropReason checkAndDecrypt(DirectBuffer datagram, int offset, int length, MutableDirectBuffer out, int outOffset,
                                       long nowNs) {
        int espOffset = offset + DatagramLayout.ESP_OFFSET;
        if (EspHeader.spi(datagram, espOffset) != spi) {
            return DropReason.SPI_UNKNOWN;
        }
        if (destroyed) {
            return DropReason.SA_EXPIRED;
        }
        if (!spa.verify(datagram, offset, length)) {
            return DropReason.SPA_TAG;
        }
        if (hard.reachedBy(packets, bytes, nowNs - createdAtNs)) {
            return DropReason.SA_EXPIRED;
        }
        long sequence = EspHeader.initialisationVector(datagram, espOffset);
        if (!window.admits(sequence)) {
            return DropReason.REPLAYED;
        }
        int sequenceLow = EspHeader.sequenceLow(datagram, espOffset);
        if (ExtendedSequence.infer(sequenceLow, window.highest(), ReplayWindow.SIZE) != sequence) {
            return DropReason.ESN_MISMATCH;
        }
        espNonce.set(sequence);
        if (!cipher.open(espNonce.nonce, espNonce.associatedData, datagram, offset + DatagramLayout.CIPHERTEXT_OFFSET,
            length - DatagramLayout.CIPHERTEXT_OFFSET, out, outOffset)) {
            return DropReason.ICV;
        }
        highest = sequence > window.highest();
        window.accept(sequence);
        return null;
    }

    private int readTrailer(DirectBuffer plaintext, int offset, int paddedLength) {
        int payloadLength = EspTrailer.plaintextLength(plaintext, offset, paddedLength);
        if (payloadLength < 0) {
            return -DropReason.PADDING.id();
        }
        nextHeader = EspTrailer.nextHeader(plaintext, offset, paddedLength);
        boolean dummy = nextHeader == EspTrailer.NEXT_HEADER_DUMMY;
        if (!dummy && nextHeader != EspTrailer.NEXT_HEADER_SEGMENT && nextHeader != EspTrailer.NEXT_HEADER_CONTROL) {
            return -DropReason.NEXT_HEADER.id();
        }
        packets++;
        bytes += payloadLength;
        return dummy ? 0 : payloadLength;
    }

    /** Of the last datagram opened: one of the {@code NEXT_HEADER} numbers of {@link EspTrailer}. */
    public int nextHeader() {
        return nextHeader;
    }

    /** Whether the last datagram that passed the AEAD had the highest sequence number so far: it left its sender last. */
    public boolean highest() {
        return highest;
    }

    /** The security parameters index that our packets from the peer carry; the receiver, which is this end, chose it. */
    public int spi() {
        return spi;
    }

    /** Datagrams opened, dummies among them. */
    public long packets() {
        return packets;
    }

    /** Payload bytes opened. */
    public long bytes() {
        return bytes;
    }

    /** Wipes the keys; the association opens nothing more. */
    public void destroy() {
        destroyed = true;
        keys.destroy();
        cipher.destroy();
        spa.destroy();
        espNonce.destroy();
    }

    @Override
    public String toString() {
        return "InboundAssociation[spi=0x" + Integer.toHexString(spi) + " suite=" + suite.wireName() + " packets=" + packets
            + ']';
    }
}
