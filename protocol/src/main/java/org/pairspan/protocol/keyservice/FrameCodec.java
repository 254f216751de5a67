package org.pairspan.protocol.keyservice;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Frames of the member link: a 4-byte big-endian length, 1 to 65,536, and as many bytes of protobuf.
 *
 * <p>Byte fields of a parsed message are views of the frame's own array: whoever wipes that array wipes the keys in the message
 * with it, and must not change it before.
 */
public final class FrameCodec {
    /** Bytes of the length in front of each body. */
    public static final int PREFIX_LENGTH = Integer.BYTES;
    /** The longest body, in bytes. */
    public static final int MAX_BODY_LENGTH = 65_536;

    private FrameCodec() {
    }

    /**
     * A whole frame, prefix and body. Where the message has a key in it, the caller wipes the result.
     *
     * @throws IllegalArgumentException when the body would be empty or too long.
     */
    public static byte[] encode(MessageLite message) {
        int length = message.getSerializedSize();
        if (length < 1 || length > MAX_BODY_LENGTH) {
            throw new IllegalArgumentException("a frame's body has 1 to " + MAX_BODY_LENGTH + " bytes, not " + length);
        }
        byte[] frame = new byte[PREFIX_LENGTH + length];
        ByteBuffer.wrap(frame).putInt(length);
        CodedOutputStream body = CodedOutputStream.newInstance(frame, PREFIX_LENGTH, length);
        try {
            message.writeTo(body);
        } catch (IOException e) {
            throw new IllegalStateException("a message grew between measuring and writing it", e);
        }
        body.checkNoSpaceLeft();
        return frame;
    }

    /**
     * The body's length from the four bytes in front of it.
     *
     * @throws MalformedMessageException when it is not 1 to {@link #MAX_BODY_LENGTH}.
     */
    public static int bodyLength(byte[] prefix) throws MalformedMessageException {
        if (prefix.length != PREFIX_LENGTH) {
            throw new IllegalArgumentException("the prefix has " + PREFIX_LENGTH + " bytes, not " + prefix.length);
        }
        int length = ByteBuffer.wrap(prefix).getInt();
        if (length < 1 || length > MAX_BODY_LENGTH) {
            throw new MalformedMessageException("a frame announces " + Integer.toUnsignedString(length) + " bytes; 1 to "
                + MAX_BODY_LENGTH + " are allowed");
        }
        return length;
    }

    /** @throws MalformedMessageException when the body is no {@link MemberFrame}, or one without content. */
    public static MemberFrame parseMember(byte[] body) throws MalformedMessageException {
        MemberFrame frame = parse(MemberFrame.parser(), body);
        if (frame.getBodyCase() == MemberFrame.BodyCase.BODY_NOT_SET) {
            throw new MalformedMessageException("a member's frame says nothing that is known here");
        }
        return frame;
    }

    /** @throws MalformedMessageException when the body is no {@link ServiceFrame}, or one without content. */
    public static ServiceFrame parseService(byte[] body) throws MalformedMessageException {
        ServiceFrame frame = parse(ServiceFrame.parser(), body);
        if (frame.getBodyCase() == ServiceFrame.BodyCase.BODY_NOT_SET) {
            throw new MalformedMessageException("the key service's frame says nothing that is known here");
        }
        return frame;
    }

    private static <M> M parse(Parser<M> parser, byte[] body) throws MalformedMessageException {
        if (body.length < 1 || body.length > MAX_BODY_LENGTH) {
            throw new MalformedMessageException("a frame's body has 1 to " + MAX_BODY_LENGTH + " bytes, not " + body.length);
        }
        CodedInputStream input = UnsafeByteOperations.unsafeWrap(body).newCodedInput();
        input.enableAliasing(true);
        try {
            M message = parser.parseFrom(input);
            input.checkLastTagWas(0);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessageException("a frame of " + body.length + " bytes is no message of the member link", e);
        }
    }
}
