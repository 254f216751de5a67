package org.pairspan.cli.lab.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Recognises the header of an Aeron frame in clear (data, padding, NAK, status message, setup, RTT measurement) by the fields whose
 * values are known: version 0, the type, a length below 64 KiB, a stream id within the 20 bits of a member number. Random bytes look
 * like that once in about 2<sup>49</sup> positions.
 */
final class AeronShape {

    /** The shortest header that is looked for. */
    static final int LENGTH = 24;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** Zero in every header: the length's upper half, the version, and all but the lowest three bits of the type. */
    private static final long ZEROS = 0xFFF8_00FF_FFFF_0000L;
    private static final int ERROR_TYPE = 4;
    private static final int LARGEST_TYPE = 6;
    private static final int LARGEST_STREAM = 1 << 20;

    private AeronShape() {
    }

    /** The number of positions from {@code offset} on, below {@code length}, that look like a header. */
    static int occurrences(byte[] bytes, int offset, int length) {
        int found = 0;
        for (int at = offset; at <= length - LENGTH; at++) {
            if (((long) LONG.get(bytes, at) & ZEROS) == 0 && isHeader(bytes, at)) {
                found++;
            }
        }
        return found;
    }

    private static boolean isHeader(byte[] bytes, int at) {
        final int length = (int) INT.get(bytes, at);
        final int type = (int) INT.get(bytes, at + 4) >>> 16;
        // Data, padding and setup frames have a term offset in front of session and stream.
        final boolean hasTermOffset = type == 0 || type == 1 || type == 5;
        final int stream = (int) INT.get(bytes, at + (hasTermOffset ? 16 : 12));
        return length >= LENGTH && type != ERROR_TYPE && type <= LARGEST_TYPE && stream > 0 && stream < LARGEST_STREAM;
    }
}
