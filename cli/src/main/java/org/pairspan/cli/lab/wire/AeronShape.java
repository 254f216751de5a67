package org.pairspan.cli.lab.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Recognises the header of an Aeron frame in clear (data, padding, NAK, status message, setup, RTT measurement) by the fields whose
 * values are known: version 0, the type, a length below 64 KiB, a stream id within the 20 bits of a member number. Random bytes look
 * like that once in about 2<sup>49</sup> positions.
 */
final class AeronShape {

    /** The shortest header that is looked for. */
    static final int LENGTH = 24;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int LARGEST_STREAM = 1 << 20;

    private AeronShape() {
    }

    static boolean at(MemorySegment bytes, long offset) {
        final int versionFlagsType = bytes.get(INT, offset + 4);
        final int type = versionFlagsType >>> 16;
        if ((versionFlagsType & 0xFF) != 0 || type > 6 || type == 4) {
            return false;
        }
        final int length = bytes.get(INT, offset);
        // Data, padding and setup frames have a term offset in front of session and stream.
        final boolean hasTermOffset = type == 0 || type == 1 || type == 5;
        final int stream = bytes.get(INT, offset + (hasTermOffset ? 16 : 12));
        return length >= LENGTH && length <= 0xFFFF && stream > 0 && stream < LARGEST_STREAM;
    }
}
