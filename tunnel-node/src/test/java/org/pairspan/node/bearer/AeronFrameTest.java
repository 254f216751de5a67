package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.aeron.driver.Configuration;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AeronFrameTest {
    private static final int STREAM = 7;

    @Test
    void aFrameLongerThanAeronsBufferIsNone() {
        UnsafeBuffer frame = new UnsafeBuffer(ByteBuffer.allocateDirect(65_535));
        new StatusMessageFlyweight(frame).streamId(STREAM).headerType(HeaderFlyweight.HDR_TYPE_SM);
        int most = Configuration.MAX_UDP_PAYLOAD_LENGTH;
        assertEquals(STREAM, AeronFrame.streamFromReceiver(frame, 0, most));
        assertEquals(AeronFrame.NO_STREAM, AeronFrame.streamFromReceiver(frame, 0, most + 1));
        assertEquals(AeronFrame.NO_STREAM, AeronFrame.streamFromReceiver(frame, 0, frame.capacity()));
    }
}
