package org.pairspan.protocol.keyservice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameCodecTest {
    private static final MemberFrame PING =
        MemberFrame.newBuilder().setCorrelationId(5).setPing(Ping.getDefaultInstance()).build();

    @Test
    void aFrameIsItsLengthAndItsBody() throws MalformedMessageException {
        byte[] frame = FrameCodec.encode(PING);
        assertEquals("00000004" + "08052a00", HexFormat.of().formatHex(frame));
        assertEquals(4, FrameCodec.bodyLength(Arrays.copyOf(frame, FrameCodec.PREFIX_LENGTH)));
        assertEquals(PING, FrameCodec.parseMember(Arrays.copyOfRange(frame, FrameCodec.PREFIX_LENGTH, frame.length)));
    }

    @Test
    void lengthsBeyondTheLimitAreRefusedBeforeAnythingIsRead() throws MalformedMessageException {
        assertEquals(65_536, FrameCodec.bodyLength(new byte[] {0, 1, 0, 0}));
        assertThrows(MalformedMessageException.class, () -> FrameCodec.bodyLength(new byte[] {0, 1, 0, 1}));
        assertThrows(MalformedMessageException.class, () -> FrameCodec.bodyLength(new byte[] {0, 0, 0, 0}));
        assertThrows(MalformedMessageException.class, () -> FrameCodec.bodyLength(new byte[] {-1, -1, -1, -1}));
    }

    @Test
    void aMessageTooLongForAFrameIsAnError() {
        MemberFrame tooLong = MemberFrame.newBuilder()
            .setRegister(Register.newBuilder().setMemberId("x".repeat(FrameCodec.MAX_BODY_LENGTH))).build();
        assertThrows(IllegalArgumentException.class, () -> FrameCodec.encode(tooLong));
        assertThrows(IllegalArgumentException.class, () -> FrameCodec.encode(MemberFrame.getDefaultInstance()));
    }

    @Test
    void whoeverWipesTheFrameWipesTheKeyInIt() throws MalformedMessageException {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 7);
        byte[] body = ServiceFrame.newBuilder().setKeyGrant(KeyGrant.newBuilder()
            .setAssociation(Association.newBuilder().setPairKey(ByteString.copyFrom(key)))).build().toByteArray();
        ByteString parsed = FrameCodec.parseService(body).getKeyGrant().getAssociation().getPairKey();
        assertArrayEquals(key, parsed.toByteArray());
        Arrays.fill(body, (byte) 0);
        assertArrayEquals(new byte[32], parsed.toByteArray());
    }

    @Test
    void aFrameWithoutContentIsRefused() {
        byte[] onlyAnId = MemberFrame.newBuilder().setCorrelationId(1).build().toByteArray();
        assertThrows(MalformedMessageException.class, () -> FrameCodec.parseMember(onlyAnId));
        assertThrows(MalformedMessageException.class, () -> FrameCodec.parseService(onlyAnId));
        assertThrows(MalformedMessageException.class, () -> FrameCodec.parseMember(new byte[0]));
        assertThrows(MalformedMessageException.class, () -> FrameCodec.parseMember(new byte[FrameCodec.MAX_BODY_LENGTH + 1]));
    }

    @Test
    void garbageIsAMessageOrMalformedAndNothingElse() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] body = random.nextBoolean() ? PING.toByteArray() : new byte[1 + random.nextInt(200)];
            for (int i = 0; i < 1 + random.nextInt(body.length); i++) {
                body[random.nextInt(body.length)] = (byte) random.nextInt();
            }
            try {
                FrameCodec.parseMember(body);
                FrameCodec.parseService(body);
            } catch (MalformedMessageException expected) {
                assertEquals(MalformedMessageException.class, expected.getClass(), "seed " + seed);
            }
        }
    }
}
