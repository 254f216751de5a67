package org.pairspan.protocol.crypto;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Base of ciphers that work on heap arrays. Memory outside the heap is copied through one array on its way in or out; for the
 * JDK's AES-GCM that is faster than giving it direct buffers.
 */
abstract class HeapAead implements AeadCipher {
    private final HeapStaging input = new HeapStaging();
    private final HeapStaging output = new HeapStaging();

    @Override
    public final void seal(byte[] nonce, byte[] associatedData, DirectBuffer in, int inOffset, int length,
                           MutableDirectBuffer out, int outOffset) {
        int sealedLength = length + TAG_LENGTH;
        in.boundsCheck(inOffset, length);
        out.boundsCheck(outOffset, sealedLength);
        byte[] inArray = readable(in, inOffset, length);
        int inIndex = inArray == in.byteArray() ? HeapStaging.indexInArray(in, inOffset) : 0;
        byte[] outArray = out.byteArray();
        if (outArray != null) {
            sealArray(nonce, associatedData, inArray, inIndex, length, outArray, HeapStaging.indexInArray(out, outOffset));
        } else {
            byte[] staged = output.ofAtLeast(sealedLength);
            sealArray(nonce, associatedData, inArray, inIndex, length, staged, 0);
            out.putBytes(outOffset, staged, 0, sealedLength);
        }
    }

    @Override
    public final boolean open(byte[] nonce, byte[] associatedData, DirectBuffer in, int inOffset, int length,
                              MutableDirectBuffer out, int outOffset) {
        if (length < TAG_LENGTH) {
            return false;
        }
        int openedLength = length - TAG_LENGTH;
        in.boundsCheck(inOffset, length);
        out.boundsCheck(outOffset, openedLength);
        byte[] inArray = readable(in, inOffset, length);
        int inIndex = inArray == in.byteArray() ? HeapStaging.indexInArray(in, inOffset) : 0;
        byte[] outArray = out.byteArray();
        if (outArray != null) {
            return openArray(nonce, associatedData, inArray, inIndex, length, outArray, HeapStaging.indexInArray(out, outOffset));
        }
        byte[] staged = output.ofAtLeast(openedLength);
        if (!openArray(nonce, associatedData, inArray, inIndex, length, staged, 0)) {
            return false;
        }
        out.putBytes(outOffset, staged, 0, openedLength);
        return true;
    }

    @Override
    public final MutableDirectBuffer plaintextBuffer(int capacity) {
        return new UnsafeBuffer(new byte[capacity]);
    }

    @Override
    public final void destroy() {
        input.destroy();
        output.destroy();
        destroyKey();
    }

    private byte[] readable(DirectBuffer in, int offset, int length) {
        byte[] array = in.byteArray();
        if (array != null) {
            return array;
        }
        byte[] staged = input.ofAtLeast(length);
        in.getBytes(offset, staged, 0, length);
        return staged;
    }

    /** Seals from array to array; the output range is large enough. */
    abstract void sealArray(byte[] nonce, byte[] associatedData, byte[] in, int inIndex, int length, byte[] out, int outIndex);

    /** Opens from array to array; {@code length} is at least 16 and the output range is large enough. */
    abstract boolean openArray(byte[] nonce, byte[] associatedData, byte[] in, int inIndex, int length, byte[] out, int outIndex);

    abstract void destroyKey();
}
