package org.pairspan.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;

/**
 * TCP ports for servers of tests that are stopped and started again. They lie below those that Linux gives to outgoing connections (32768 and
 * up by default): of these one may be taken by a client's next trial to reach the very server that is away.
 */
public final class ListeningPort {

    private static final int FIRST = 20_000;
    private static final int END = 32_768;
    private static final int TRIALS = 1000;

    private ListeningPort() {
    }

    /**
     * A port that nobody listens at now.
     *
     * @param address of this machine, as text
     */
    public static int free(String address) {
        SecureRandom random = new SecureRandom();
        for (int trial = 0; trial < TRIALS; trial++) {
            int port = random.nextInt(FIRST, END);
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
