package org.pairspan.protocol.handshake;

import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.control.ControlType;

/**
 * A control message that carries a piece of the byte stream of a TLS handshake, an acknowledgement of the other way, or both.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |    Type = 7   |     Flags     |     Epoch     |  Reserved = 0 |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                            Attempt                            |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |                                                               |
 *  +                          Generation                           +
 *  |                                                               |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |            Offset             |     Acknowledged offset       |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  ~             Bytes of the stream, 0 to 1,000                   ~
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>Flag 0x01, <em>abort</em>: the sender has given this attempt up. Epoch, 1 to 127: which the handshake is to make keys of. Attempt: the
 * client counts its attempts within a generation from 1. Offset: of the first byte in the sender's stream. Acknowledged offset: the first
 * byte of the other stream that the sender of this message lacks. No stream is longer than 16,384 bytes.
 */
public final class HandshakeMessage {
    /** Bytes before those of the stream. */
    public static final int HEADER_LENGTH = 20;
    /** The most bytes of the stream in one message that is taken. */
    public static final int MAX_DATA = 1000;
    /** The most in one that is sent: it passes wherever a tunnel does, padded too, that is in IP packets of 576 bytes. */
    public static final int MAX_DATA_SENT = 400;
    /** The length of the longest message. */
    public static final int MAX_LENGTH = HEADER_LENGTH + MAX_DATA;
    /** The most bytes that one end may say in a handshake. */
    public static final int MAX_STREAM = 16_384;

    static final int FLAG_ABORT = 0x01;

    private static final int FLAGS = 1;
    private static final int EPOCH = 2;
    private static final int RESERVED = 3;
    private static final int ATTEMPT = 4;
    private static final int GENERATION = 8;
    private static final int OFFSET = 16;
    private static final int ACKNOWLEDGED = 18;

    private HandshakeMessage() {
    }

    /** Writes the header at the beginning of a message. */
    static void write(MutableDirectBuffer message, int flags, int epoch, int attempt, long generation, int offset, int acknowledged) {
        message.putByte(0, ControlType.HANDSHAKE.code());
        message.putByte(FLAGS, (byte) flags);
        message.putByte(EPOCH, (byte) epoch);
        message.putByte(RESERVED, (byte) 0);
        message.putInt(ATTEMPT, attempt, ByteOrder.BIG_ENDIAN);
        message.putLong(GENERATION, generation, ByteOrder.BIG_ENDIAN);
        message.putShort(OFFSET, (short) offset, ByteOrder.BIG_ENDIAN);
        message.putShort(ACKNOWLEDGED, (short) acknowledged, ByteOrder.BIG_ENDIAN);
    }

    /** Whether these bytes are such a message, of whichever attempt. The rest of this class may be called only where they are. */
    public static boolean isWellFormed(DirectBuffer message, int start, int length) {
        if (length < HEADER_LENGTH || length > MAX_LENGTH) {
            return false;
        }
        int data = length - HEADER_LENGTH;
        return message.getByte(start) == ControlType.HANDSHAKE.code()
            && (message.getByte(start + FLAGS) & ~FLAG_ABORT) == 0
            && message.getByte(start + RESERVED) == 0
            && epoch(message, start) >= 1 && epoch(message, start) <= Spi.MAX_EPOCH
            && attempt(message, start) >= 1
            && generation(message, start) >= 1
            && offset(message, start) + data <= MAX_STREAM
            && acknowledged(message, start) <= MAX_STREAM;
    }

    static boolean isAbort(DirectBuffer message, int start) {
        return (message.getByte(start + FLAGS) & FLAG_ABORT) != 0;
    }

    /** The epoch that the handshake is for; 1 to 127. */
    public static int epoch(DirectBuffer message, int start) {
        return message.getByte(start + EPOCH) & 0xFF;
    }

    static int attempt(DirectBuffer message, int start) {
        return message.getInt(start + ATTEMPT, ByteOrder.BIG_ENDIAN);
    }

    /** The generation whose epochs are made; from 1. */
    public static long generation(DirectBuffer message, int start) {
        return message.getLong(start + GENERATION, ByteOrder.BIG_ENDIAN);
    }

    static int offset(DirectBuffer message, int start) {
        return message.getShort(start + OFFSET, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }

    static int acknowledged(DirectBuffer message, int start) {
        return message.getShort(start + ACKNOWLEDGED, ByteOrder.BIG_ENDIAN) & 0xFFFF;
    }
}
