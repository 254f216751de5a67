package org.pairspan.protocol.spa;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * The SPA tag: SipHash-2-4 over the 4 bytes of the SPA header in front of the tag, the 16 of the ESP header with its initialisation
 * vector, and the 16 of the ICV. The ICV depends on every byte between, so nothing can change without the tag. Allocates nothing per
 * packet. One thread.
 */
public final class SpaAuthenticator {
    private static final int ESP_HEADER_LENGTH = 16;
    private static final int ICV_LENGTH = 16;
    private static final int COVERED_LENGTH = SpaHeader.TAGGED_LENGTH + ESP_HEADER_LENGTH + ICV_LENGTH;
    private static final long LOWER_HALF = 0xFFFF_FFFFL;

    private final SipHash sipHash;
    private final long[] covered = new long[COVERED_LENGTH / Long.BYTES + 1];

    /** @param key 16 bytes; not kept. */
    public SpaAuthenticator(byte[] key) {
        sipHash = new SipHash(key);
    }

    /** The tag of the datagram; its length is known to hold all the parts. */
    public long tag(DirectBuffer datagram, int offset, int length) {
        int esp = offset + SpaHeader.LENGTH;
        int icv = offset + length - ICV_LENGTH;
        // Every part but the first begins four bytes into a word.
        long espEnd = word(datagram, esp + 8);
        long icvEnd = word(datagram, icv + 8);
        covered[0] = datagram.getInt(offset, ByteOrder.LITTLE_ENDIAN) & LOWER_HALF | word(datagram, esp) << Integer.SIZE;
        covered[1] = word(datagram, esp + 4);
        covered[2] = espEnd >>> Integer.SIZE | word(datagram, icv) << Integer.SIZE;
        covered[3] = word(datagram, icv + 4);
        covered[4] = icvEnd >>> Integer.SIZE;
        return sipHash.hash(covered, COVERED_LENGTH);
    }

    /** Whether the tag in the datagram fits. Takes the same time whatever the tags are. */
    public boolean verify(DirectBuffer datagram, int offset, int length) {
        return (tag(datagram, offset, length) ^ SpaHeader.tag(datagram, offset)) == 0;
    }

    /** Puts another key in the place of this one. */
    public void destroy() {
        sipHash.destroy();
        Arrays.fill(covered, 0);
    }

    private static long word(DirectBuffer buffer, int index) {
        return buffer.getLong(index, ByteOrder.LITTLE_ENDIAN);
    }
}
