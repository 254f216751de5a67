package org.pairspan.runtime.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Two engines joined by two buffers in memory. */
final class EnginePair {
    private static final int BUFFER = 1 << 17;
    private static final int MAX_ROUNDS = 100;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer = ByteBuffer.allocate(BUFFER);
    private final ByteBuffer toClient = ByteBuffer.allocate(BUFFER);

    EnginePair(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    /** Runs both to the end of the handshake, or to the first failure, which is thrown. */
    void handshake() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
            if (isDone(client) && isDone(server) && toServer.position() == 0 && toClient.position() == 0) {
                return;
            }
        }
        throw new IllegalStateException("no end of the handshake: client " + client.getHandshakeStatus() + ", server " + server.getHandshakeStatus());
    }

    /** Sends bytes from the client and returns what the server reads. */
    byte[] clientSends(byte[] plain) throws SSLException {
        client.wrap(ByteBuffer.wrap(plain), toServer);
        ByteBuffer read = ByteBuffer.allocate(BUFFER);
        toServer.flip();
        server.unwrap(toServer, read);
        toServer.compact();
        byte[] result = new byte[read.flip().remaining()];
        read.get(result);
        return result;
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        ByteBuffer plain = ByteBuffer.allocate(BUFFER);
        in.flip();
        try {
            for (int i = 0; i < MAX_ROUNDS; i++) {
                switch (engine.getHandshakeStatus()) {
                    case NEED_TASK -> engine.getDelegatedTask().run();
                    case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
                    default -> {
                        if (!in.hasRemaining() || engine.unwrap(in, plain).getStatus() != SSLEngineResult.Status.OK) {
                            return;
                        }
                    }
                }
            }
        } finally {
            in.compact();
        }
    }
}
