package org.pairspan.protocol.keyservice;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Reads the two frames of an enrolment, which look like those of the member link: a 4-byte big-endian length and as many bytes of protobuf.
 * {@link FrameCodec#encode} writes them. Any thread; each call blocks as long as its stream does, so whoever calls bounds the time.
 */
public final class EnrolmentFrames {
    /** The longest body of a request, in bytes: a stranger may send it, and a PKCS #10 request takes a quarter of that at most. */
    public static final int MAX_REQUEST = 16_384;
    /** The longest body of an answer, in bytes. */
    public static final int MAX_ANSWER = FrameCodec.MAX_BODY_LENGTH;

    private EnrolmentFrames() {
    }

    /**
     * Reads a frame of its kind.
     *
     * @throws EOFException when the stream ends before the request does.
     * @throws IOException when the stream fails, or brings no request.
     */
    public static EnrolmentRequest readRequest(InputStream in) throws IOException {
        return read(in, "a request", MAX_REQUEST, EnrolmentRequest.parser());
    }

    /**
     * Reads a frame of its kind.
     *
     * @throws EOFException when the stream ends before the answer does.
     * @throws IOException when the stream fails, or brings no answer.
     */
    public static EnrolmentAnswer readAnswer(InputStream in) throws IOException {
        return read(in, "an answer", MAX_ANSWER, EnrolmentAnswer.parser());
    }

    private static <M> M read(InputStream in, String what, int longest, Parser<M> parser) throws IOException {
        int length = ByteBuffer.wrap(whole(in, what, FrameCodec.PREFIX_LENGTH)).getInt();
        if (length < 1 || length > longest) {
            throw new IOException(what + " announces " + Integer.toUnsignedString(length) + " bytes; 1 to " + longest + " are allowed");
        }
        try {
            return parser.parseFrom(whole(in, what, length));
        } catch (InvalidProtocolBufferException e) {
            throw new IOException(what + " of " + length + " bytes is none", e);
        }
    }

    // What was cut off between two of its fields would be a message, too: another one than was sent.
    private static byte[] whole(InputStream in, String what, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException(bytes.length == 0 ? "the connection ended before there was " + what
                : "the connection ended in " + what + ", " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }
}
