package org.pairspan.kms.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EnrolmentServerTest {

    private static final int TRIES = 5;

    private final CountDownLatch tries = new CountDownLatch(TRIES);

    /** Takes no connection, as when the process has no file descriptors left. */
    private final class FullSocket extends ServerSocket {

        FullSocket() throws IOException {
            super();
        }

        @Override
        public Socket accept() throws IOException {
            tries.countDown();
            throw new SocketException("Too many open files");
        }
    }

    @Test
    void aPortThatCanTakeNobodyPausesAndIsCounted() throws Exception {
        EnrolmentCounters counters = new EnrolmentCounters();
        long begun = System.nanoTime();
        EnrolmentServer server = EnrolmentServer.serve(new FullSocket(), null, null, counters);
        try {
            assertTrue(tries.await(10, TimeUnit.SECONDS));
            Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
            // 10, 20, 40 and 80 ms between five tries.
            assertTrue(elapsed.compareTo(Duration.ofMillis(150)) >= 0, elapsed::toString);
            assertEquals(TRIES - 1, counters.failedAccepts.sum(), 1);
        } finally {
            server.stop();
        }
    }
}
