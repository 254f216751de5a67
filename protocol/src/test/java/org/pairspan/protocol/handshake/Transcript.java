package org.pairspan.protocol.handshake;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.PreSharedKey;
import org.pairspan.protocol.crypto.Suite;

/** A handshake of members site-1 and site-7, key version 3, generation 9, epoch 1, in the same numbers in each run. */
final class Transcript {
    static final int KEY_VERSION = 3;
    static final long GENERATION = 9;

    /** What one end said at a time. */
    record Flight(boolean fromClient, byte[] bytes) {
    }

    final FixedCrypto clientCrypto = new FixedCrypto(1);
    final FixedCrypto serverCrypto = new FixedCrypto(2);
    final Suite suite;
    final EpochKeys clientKeys;
    final EpochKeys serverKeys;
    final List<Flight> flights = new ArrayList<>();
    final List<byte[]> messages = new ArrayList<>();

    Transcript(Suite suite, KeyExchange exchange) {
        this.suite = suite;
        Ends ends = new Ends(end(clientCrypto, 1, 7, exchange), end(serverCrypto, 7, 1, exchange));
        ends.client.start(1, 0);
        do {
            ends.send(0);
            note(true, ends.toServer);
            note(false, ends.toClient);
            ends.deliver(0);
            ends.send(0);
        } while (!ends.toServer.isEmpty() || !ends.toClient.isEmpty());
        clientKeys = ends.client.takeKeys();
        serverKeys = ends.server.takeKeys();
    }

    private Handshake end(FixedCrypto crypto, int own, int peer, KeyExchange exchange) {
        return new Handshake(crypto, HandshakeParameters.of("site-" + own, own, "site-" + peer, peer, KEY_VERSION, GENERATION, suite,
            exchange), preSharedKey());
    }

    PreSharedKey preSharedKey() {
        byte[] pairKey = new byte[KeySchedule.PAIR_KEY_LENGTH];
        Arrays.fill(pairKey, (byte) 7);
        return KeySchedule.preSharedKey(suite, pairKey, "site-1", "site-7", KEY_VERSION, GENERATION);
    }

    private void note(boolean fromClient, List<byte[]> sent) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        for (byte[] message : sent) {
            messages.add(message);
            said.write(message, HandshakeMessage.HEADER_LENGTH, message.length - HandshakeMessage.HEADER_LENGTH);
        }
        if (said.size() > 0) {
            flights.add(new Flight(fromClient, said.toByteArray()));
        }
    }
}
