package org.pairspan.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * TCP ports for servers of tests that are stopped and started again. They lie below those that Linux gives to outgoing connections (32768 and
 * up by default): of these one may be taken by a client's next trial to reach the very server that is away.
 *
 * <p>A JVM is given each port once, however long it takes until somebody listens there. It begins anywhere, so that two that test beside each
 * other hardly ever meet. May be called by any thread.
 */
public final class ListeningPort {

    private static final int FIRST = 20_000;
    private static final int END = 32_768;
    private static final int TRIALS = 1000;

    private static final AtomicInteger NEXT = new AtomicInteger(new SecureRandom().nextInt(END - FIRST));

    private ListeningPort() {
    }

    /**
     * A port that nobody listens at now.
     *
     * @param address of this machine, as text
     */
    public static int free(String address) {
        for (int trial = 0; trial < TRIALS; trial++) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), END - FIRST);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
                return socket.getLocalPort();
            } catch (BindException taken) {
                // Another one, then.
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException("no port at " + address, e);
            }
        }
        throw new PostgresException("no free port at " + address + " after " + TRIALS + " trials");
    }
}
