package org.pairspan.kms.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EnrolmentServerTest {

    private static final int TRIES = 10;

    /** Takes no connection, as when the process has no file descriptors left. */
    private static final class FullSocket extends ServerSocket {

        FullSocket() throws IOException {
            super();
        }

        @Override
        public Socket accept() throws IOException {
            throw new SocketException("Too many open files");
        }
    }

    @Test
    void aPortThatCanTakeNobodyPausesLongerAndLongerAndIsCounted() throws Exception {
        EnrolmentCounters counters = new EnrolmentCounters();
        List<Long> pauses = new ArrayList<>();
        CountDownLatch enough = new CountDownLatch(1);
        EnrolmentServer server = EnrolmentServer.serve(new FullSocket(), null, null, counters, (stopped, milliseconds) -> {
            pauses.add(milliseconds);
            if (pauses.size() < TRIES) {
                return false;
            }
            enough.countDown();
            return stopped.await(10, TimeUnit.SECONDS);
        });
        assertTrue(enough.await(10, TimeUnit.SECONDS));
        assertEquals(List.of(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1000L, 1000L, 1000L), pauses);
        assertEquals(TRIES, counters.failedAccepts.sum());
        server.stop();
    }
}
