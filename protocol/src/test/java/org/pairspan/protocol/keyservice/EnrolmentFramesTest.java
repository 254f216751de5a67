package org.pairspan.protocol.keyservice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnrolmentFramesTest {
    private static final EnrolmentRequest REQUEST = EnrolmentRequest.newBuilder().setToken(ByteString.copyFrom(new byte[32]))
        .setCertificateRequest(ByteString.copyFrom(new byte[300])).build();
    private static final EnrolmentAnswer ANSWER = EnrolmentAnswer.newBuilder().setCertificate(CertificateChain.newBuilder()
        .addCertificates(ByteString.copyFrom(new byte[500])).addCertificates(ByteString.copyFrom(new byte[400]))).build();

    private static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    private static InputStream announcing(int length) {
        return stream(ByteBuffer.allocate(FrameCodec.PREFIX_LENGTH + 70_000).putInt(length).array());
    }

    @Test
    void whatIsWrittenAsAFrameIsReadAgain() throws IOException {
        assertEquals(REQUEST, EnrolmentFrames.readRequest(stream(FrameCodec.encode(REQUEST))));
        assertEquals(ANSWER, EnrolmentFrames.readAnswer(stream(FrameCodec.encode(ANSWER))));
    }

    @Test
    void aRequestHasAQuarterOfTheLengthOfAnAnswer() {
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, EnrolmentFrames.MAX_REQUEST + 1}) {
            assertTrue(assertThrows(IOException.class, () -> EnrolmentFrames.readRequest(announcing(length))).getMessage().contains("announces"));
        }
        for (int length : new int[] {0, -1, Integer.MIN_VALUE, EnrolmentFrames.MAX_ANSWER + 1}) {
            assertTrue(assertThrows(IOException.class, () -> EnrolmentFrames.readAnswer(announcing(length))).getMessage().contains("announces"));
        }
        assertTrue(assertThrows(IOException.class, () -> EnrolmentFrames.readAnswer(announcing(EnrolmentFrames.MAX_ANSWER))).getMessage().contains("is none"));
    }

    @Test
    void aFrameThatIsCutOffIsNoneEvenBetweenItsFields() {
        byte[] frame = FrameCodec.encode(REQUEST);
        for (int length = 0; length < frame.length; length++) {
            byte[] cut = Arrays.copyOf(frame, length);
            assertTrue(assertThrows(EOFException.class, () -> EnrolmentFrames.readRequest(stream(cut))).getMessage().startsWith("the connection ended"));
        }
    }

    @Test
    void garbageIsAFrameOrRefusedWithAReason() {
        long seed = new SecureRandom().nextLong();
        System.out.println("EnrolmentFramesTest: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] frame = FrameCodec.encode(random.nextBoolean() ? REQUEST : ANSWER);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                frame[random.nextInt(4) == 0 ? random.nextInt(frame.length) : 2 + random.nextInt(12)] = (byte) random.nextInt();
            }
            try {
                EnrolmentFrames.readRequest(stream(frame));
                EnrolmentFrames.readAnswer(stream(frame));
            } catch (IOException refused) {
                assertNotNull(refused.getMessage(), "seed " + seed);
            }
        }
    }
}
