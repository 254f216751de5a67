package org.pairspan.protocol.keyupdate;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.control.ControlType;

/**
 * A control message by which the member that is TLS server asks the one that is TLS client for an exchange.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |    Type = 8   |     Epoch     |          Reserved = 0         |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                                                               |
 *  +                          Generation                           +
 *  |                                                               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>Epoch, 0 to 127, and generation are those of the keys that are worn.
 */
final class KeyUpdateRequest {
    static final int LENGTH = 12;

    private static final int EPOCH = 1;
    private static final int RESERVED = 2;
    private static final int GENERATION = 4;

    private KeyUpdateRequest() {
    }

    static void write(MutableDirectBuffer message, int epoch, long generation) {
        message.putByte(0, ControlType.KEY_UPDATE.code());
        message.putByte(EPOCH, (byte) epoch);
        message.putShort(RESERVED, (short) 0);
        message.putLong(GENERATION, generation, ByteOrder.BIG_ENDIAN);
    }

    static boolean isWellFormed(DirectBuffer message, int start, int length) {
        return length == LENGTH && message.getByte(start) == ControlType.KEY_UPDATE.code()
            && message.getShort(start + RESERVED) == 0 && generation(message, start) >= 1
            && epoch(message, start) <= Spi.MAX_EPOCH;
    }

    static int epoch(DirectBuffer message, int start) {
        return message.getByte(start + EPOCH) & 0xFF;
    }

    static long generation(DirectBuffer message, int start) {
        return message.getLong(start + GENERATION, ByteOrder.BIG_ENDIAN);
    }
}
