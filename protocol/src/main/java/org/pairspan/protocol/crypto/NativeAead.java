package org.pairspan.protocol.crypto;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A cipher of libgcrypt. It works on memory outside the heap, where packets are, without a copy and without an allocation; heap buffers
 * are copied through memory of its own. The key lives in the library until {@link #destroy}, which must be called.
 */
final class NativeAead implements AeadCipher {
    private static final int INITIAL_CAPACITY = 64;

    private final UnsafeBuffer nonceCopy = allocate(NONCE_LENGTH);
    private UnsafeBuffer associated = allocate(INITIAL_CAPACITY);
    private UnsafeBuffer input = allocate(INITIAL_CAPACITY);
    private UnsafeBuffer output = allocate(INITIAL_CAPACITY);
    private long handle;

    NativeAead(NativeAlgorithm algorithm, byte[] key) {
        handle = Libgcrypt.open(algorithm, key);
    }

    @Override
    public void seal(byte[] nonce, byte[] associatedData, DirectBuffer in, int inOffset, int length,
                     MutableDirectBuffer out, int outOffset) {
        in.boundsCheck(inOffset, length);
        out.boundsCheck(outOffset, length + TAG_LENGTH);
        begin(nonce, associatedData);
        long from = readable(in, inOffset, length);
        boolean staged = out.byteArray() != null;
        long to = staged ? writableOutput(length + TAG_LENGTH) : out.addressOffset() + outOffset;
        Libgcrypt.encrypt(handle, from, length, to, to + length, TAG_LENGTH);
        if (staged) {
            out.putBytes(outOffset, output, 0, length + TAG_LENGTH);
        }
    }

    @Override
    public boolean open(byte[] nonce, byte[] associatedData, DirectBuffer in, int inOffset, int length,
                        MutableDirectBuffer out, int outOffset) {
        int openedLength = length - TAG_LENGTH;
        if (openedLength < 0) {
            return false;
        }
        in.boundsCheck(inOffset, length);
        out.boundsCheck(outOffset, openedLength);
        begin(nonce, associatedData);
        long from = readable(in, inOffset, length);
        boolean staged = out.byteArray() != null;
        long to = staged ? writableOutput(openedLength) : out.addressOffset() + outOffset;
        if (!Libgcrypt.decrypt(handle, from, openedLength, to, from + openedLength, TAG_LENGTH)) {
            return false;
        }
        if (staged) {
            out.putBytes(outOffset, output, 0, openedLength);
        }
        return true;
    }

    @Override
    public MutableDirectBuffer plaintextBuffer(int capacity) {
        return allocate(capacity);
    }

    @Override
    public void destroy() {
        if (handle != 0) {
            Libgcrypt.close(handle);
            handle = 0;
        }
        wipe(nonceCopy);
        wipe(input);
        wipe(output);
    }

    private void begin(byte[] nonce, byte[] associatedData) {
        if (handle == 0) {
            throw new IllegalStateException("the key is destroyed");
        }
        if (associated.capacity() < associatedData.length) {
            associated = allocate(associatedData.length);
        }
        nonceCopy.putBytes(0, nonce, 0, NONCE_LENGTH);
        associated.putBytes(0, associatedData);
        Libgcrypt.begin(handle, nonceCopy.addressOffset(), NONCE_LENGTH, associated.addressOffset(), associatedData.length);
    }

    private long readable(DirectBuffer in, int offset, int length) {
        if (in.byteArray() == null) {
            return in.addressOffset() + offset;
        }
        if (input.capacity() < length) {
            wipe(input);
            input = allocate(Math.max(length, 2 * input.capacity()));
        }
        input.putBytes(0, in, offset, length);
        return input.addressOffset();
    }

    private long writableOutput(int length) {
        if (output.capacity() < length) {
            wipe(output);
            output = allocate(Math.max(length, 2 * output.capacity()));
        }
        return output.addressOffset();
    }

    private static UnsafeBuffer allocate(int capacity) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
    }

    private static void wipe(UnsafeBuffer buffer) {
        buffer.setMemory(0, buffer.capacity(), (byte) 0);
    }
}
