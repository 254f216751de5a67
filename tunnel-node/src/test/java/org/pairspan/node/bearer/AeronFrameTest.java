package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import java.util.Random;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AeronFrameTest {
    private static final int STREAM = 7;
    private static final int TERM_LENGTH = 1 << 16;

    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[AeronFrame.LONGEST_HEADER + 1]);

    @Test
    void whatIsWrittenIsADataFrameOfAeron() {
        AeronFrame.writeDataHeader(frame, 0, 100, 4096, 0x0102_0304, STREAM, 9, 0x1122_3344_5566_7788L);
        DataHeaderFlyweight header = new DataHeaderFlyweight(frame);
        assertEquals(132, header.frameLength());
        assertEquals(HeaderFlyweight.HDR_TYPE_DATA, header.headerType());
        assertEquals(DataHeaderFlyweight.BEGIN_AND_END_FLAGS, header.flags());
        assertEquals(0, header.version());
        assertEquals(4096, header.termOffset());
        assertEquals(0x0102_0304, header.sessionId());
        assertEquals(STREAM, header.streamId());
        assertEquals(9, header.termId());
        assertEquals(0x1122_3344_5566_7788L, header.reservedValue());
        assertTrue(AeronFrame.hasPayload(frame, 0));
    }

    @Test
    void aStatusMessageOfItsLengthIsOneAndNothingElseIs() {
        status();
        assertEquals(STREAM, AeronFrame.streamFromReceiver(frame, 0, StatusMessageFlyweight.HEADER_LENGTH));
        assertEquals(AeronFrame.NO_STREAM, AeronFrame.streamFromReceiver(frame, 0, StatusMessageFlyweight.HEADER_LENGTH - 1));
        assertEquals(AeronFrame.NO_STREAM, AeronFrame.streamFromReceiver(frame, 0, AeronFrame.LONGEST_HEADER + 1));
        assertEquals(AeronFrame.NO_STREAM, AeronFrame.streamFromSender(frame, 0, StatusMessageFlyweight.HEADER_LENGTH));
        frame.putByte(4, (byte) 1);
        assertEquals(AeronFrame.NO_STREAM, AeronFrame.streamFromReceiver(frame, 0, StatusMessageFlyweight.HEADER_LENGTH));
    }

    @Test
    void naksMeasurementsErrorsAndUnknownTypesHaveNoStream() {
        for (int type = 0; type < 0x10000; type++) {
            status();
            new StatusMessageFlyweight(frame).headerType(type);
            boolean known = type == HeaderFlyweight.HDR_TYPE_SM;
            assertEquals(known ? STREAM : AeronFrame.NO_STREAM, AeronFrame.streamFromReceiver(frame, 0, 36), "type " + type);
        }
    }

    @Test
    void aModestSetupIsTaken() {
        setup(frame -> { });
        assertEquals(STREAM, AeronFrame.streamFromSender(frame, 0, SetupFlyweight.HEADER_LENGTH));
        assertEquals(TERM_LENGTH, AeronFrame.setupTermLength(frame, 0));
        assertEquals(AeronFrame.NO_STREAM, AeronFrame.streamFromSender(frame, 0, SetupFlyweight.HEADER_LENGTH - 1));
    }

    @Test
    void aSetupThatWouldTakeMemoryOrContradictsItselfIsRefused() {
        refusedSetup(frame -> frame.termLength(AeronFrame.LONGEST_TERM * 2));
        refusedSetup(frame -> frame.termLength(TERM_LENGTH + 32));
        refusedSetup(frame -> frame.termLength(32));
        refusedSetup(frame -> frame.termLength(Integer.MIN_VALUE));
        refusedSetup(frame -> frame.mtuLength(65_536));
        refusedSetup(frame -> frame.mtuLength(1_401));
        refusedSetup(frame -> frame.mtuLength(32));
        refusedSetup(frame -> frame.mtuLength(-32));
        refusedSetup(frame -> frame.termOffset(-32));
        refusedSetup(frame -> frame.termOffset(33));
        refusedSetup(frame -> frame.termOffset(TERM_LENGTH + 32));
        refusedSetup(frame -> frame.activeTermId(4));
    }

    @Test
    void heartbeatsAndPaddingStayWithinTheirTerm() {
        AeronFrame.writeDataHeader(frame, 0, -32, TERM_LENGTH, 1, STREAM, 5, 0);
        assertEquals(STREAM, AeronFrame.streamFromSender(frame, 0, 32));
        assertFalse(AeronFrame.hasPayload(frame, 0));
        assertTrue(AeronFrame.fitsTerm(frame, 0, TERM_LENGTH));
        assertTrue(AeronFrame.fitsTerm(frame, 0, SessionTerms.UNKNOWN));
        assertFalse(AeronFrame.fitsTerm(frame, 0, TERM_LENGTH / 2));

        Frames padding = new Frames(STREAM, TERM_LENGTH - 992).padding(990);
        assertEquals(STREAM, AeronFrame.streamFromSender(padding.buffer, 0, 32));
        assertTrue(AeronFrame.fitsTerm(padding.buffer, 0, TERM_LENGTH));
        assertFalse(AeronFrame.fitsTerm(padding.buffer, 0, SessionTerms.UNKNOWN));
        assertFalse(AeronFrame.fitsTerm(padding.buffer, 0, 2 * TERM_LENGTH));
        assertFalse(AeronFrame.fitsTerm(new Frames(STREAM, TERM_LENGTH - 992).padding(1_000).buffer, 0, TERM_LENGTH));
    }

    @Test
    void aDataFrameWithPayloadIsNoFrameWithoutOne() {
        AeronFrame.writeDataHeader(frame, 0, 8, 0, 1, STREAM, 5, 0);
        assertEquals(AeronFrame.NO_STREAM, AeronFrame.streamFromSender(frame, 0, 40));
    }

    @Test
    void garbageIsRefusedWithoutAnException() {
        for (long seed = 0; seed < 50_000; seed++) {
            Random random = new Random(seed);
            byte[] garbage = new byte[random.nextInt(AeronFrame.LONGEST_HEADER + 2)];
            random.nextBytes(garbage);
            UnsafeBuffer buffer = new UnsafeBuffer(garbage);
            if (garbage.length > 7) {
                buffer.putInt(4, random.nextInt(8) << 16 | random.nextInt(256) << 8);
            }
            int stream = AeronFrame.streamFromSender(buffer, 0, garbage.length);
            int feedback = AeronFrame.streamFromReceiver(buffer, 0, garbage.length);
            assertTrue(stream == AeronFrame.NO_STREAM || garbage.length >= 32, "seed " + seed);
            assertTrue(feedback == AeronFrame.NO_STREAM || garbage.length >= 36, "seed " + seed);
        }
    }

    private void status() {
        frame.setMemory(0, frame.capacity(), (byte) 0);
        new StatusMessageFlyweight(frame).streamId(STREAM).headerType(HeaderFlyweight.HDR_TYPE_SM);
    }

    private void setup(Consumer<SetupFlyweight> change) {
        frame.setMemory(0, frame.capacity(), (byte) 0);
        SetupFlyweight setup = new SetupFlyweight(frame);
        setup.headerType(HeaderFlyweight.HDR_TYPE_SETUP);
        setup.streamId(STREAM).termLength(TERM_LENGTH).mtuLength(1408).termOffset(64).initialTermId(5).activeTermId(6);
        change.accept(setup);
    }

    private void refusedSetup(Consumer<SetupFlyweight> change) {
        setup(change);
        assertEquals(AeronFrame.NO_STREAM, AeronFrame.streamFromSender(frame, 0, SetupFlyweight.HEADER_LENGTH));
    }
}
