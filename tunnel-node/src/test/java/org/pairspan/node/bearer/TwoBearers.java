package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two real bearers on loopback, both turned by the test; neither may tell of an error. */
abstract class TwoBearers {
    private final long patienceNs;

    @TempDir
    Path folder;
    BearerSide a;
    BearerSide b;

    /** @param patience of real time with what is awaited. */
    TwoBearers(Duration patience) {
        patienceNs = patience.toNanos();
    }

    @BeforeEach
    void openBoth() throws IOException {
        a = new BearerSide(new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort()), folder.resolve("a"));
        b = new BearerSide(new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort()), folder.resolve("b"));
    }

    @AfterEach
    void closeBoth() {
        a.close();
        b.close();
        assertTrue(a.errors.isEmpty() && b.errors.isEmpty(), () -> "errors: " + a.errors + b.errors);
    }

    static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    void join() {
        a.join(1, 2, b.address);
        b.join(2, 1, a.address);
    }

    void await(BooleanSupplier condition, String what) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - start < patienceNs, "waited too long for " + what);
            a.turn();
            b.turn();
        }
    }
}
