package org.pairspan.protocol.spa;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.bouncycastle.crypto.macs.SipHash;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The SPA tag: SipHash-2-4 over the SPA header in front of the tag, the ESP header with its initialisation vector, and the ICV.
 * The ICV depends on every byte between, so nothing can change without the tag. Allocates nothing per packet. One thread.
 */
public final class SpaAuthenticator {
    private static final int KEY_LENGTH = 16;

    private final SipHash sipHash = new SipHash();
    private final int espHeaderLength;
    private final int icvLength;
    private final byte[] covered;

    /**
     * @param key 16 bytes; not kept.
     * @param espHeaderLength bytes of the ESP header with the initialisation vector.
     * @param icvLength bytes of the ICV, the last of the datagram.
     */
    public SpaAuthenticator(byte[] key, int espHeaderLength, int icvLength) {
        sipHash.init(new KeyParameter(key));
        this.espHeaderLength = espHeaderLength;
        this.icvLength = icvLength;
        this.covered = new byte[SpaHeader.TAGGED_LENGTH + espHeaderLength + icvLength];
    }

    /** The tag of the datagram; its length is known to hold all the parts. */
    public long tag(DirectBuffer datagram, int offset, int length) {
        datagram.getBytes(offset, covered, 0, SpaHeader.TAGGED_LENGTH);
        datagram.getBytes(offset + SpaHeader.LENGTH, covered, SpaHeader.TAGGED_LENGTH, espHeaderLength);
        datagram.getBytes(offset + length - icvLength, covered, SpaHeader.TAGGED_LENGTH + espHeaderLength, icvLength);
        sipHash.update(covered, 0, covered.length);
        return sipHash.doFinal();
    }

    /** Whether the tag in the datagram fits. Takes the same time whatever the tags are. */
    public boolean verify(DirectBuffer datagram, int offset, int length) {
        return (tag(datagram, offset, length) ^ SpaHeader.tag(datagram, offset)) == 0;
    }

    /** Puts another key in the place of this one. */
    public void destroy() {
        sipHash.init(new KeyParameter(new byte[KEY_LENGTH]));
        Arrays.fill(covered, (byte) 0);
    }
}
