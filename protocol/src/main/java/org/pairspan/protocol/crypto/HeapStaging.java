package org.pairspan.protocol.crypto;

import java.util.Arrays;
import org.agrona.DirectBuffer;

/** One growing heap array through which a cipher that works on arrays reaches memory outside the heap. */
final class HeapStaging {
    private byte[] array = new byte[2048];

    /** An array of at least this length; what it held before is lost. */
    byte[] ofAtLeast(int length) {
        if (array.length < length) {
            destroy();
            array = new byte[Math.max(length, 2 * array.length)];
        }
        return array;
    }

    void destroy() {
        Arrays.fill(array, (byte) 0);
    }

    /** Where {@code buffer[index]} lies in the array that backs it. */
    static int indexInArray(DirectBuffer buffer, int index) {
        return buffer.wrapAdjustment() + index;
    }
}
