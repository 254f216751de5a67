package org.pairspan.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.Handshake.State;
import org.pairspan.protocol.wire.DropReason;

/** A member may say anything inside its tunnel: it costs little, and harms nothing but its own attempt. */
class HandshakeHostileTest {
    private static final int GENERATION = 9;

    private static byte[] message(int flags, int epoch, int attempt, long generation, int offset, int acknowledged, byte[] data) {
        return ByteBuffer.allocate(HandshakeMessage.HEADER_LENGTH + data.length).put((byte) 7).put((byte) flags).put((byte) epoch)
            .put((byte) 0).putInt(attempt).putLong(generation).putShort((short) offset).putShort((short) acknowledged).put(data).array();
    }

    private static byte[] first(int attempt, byte[] data) {
        return message(0, 1, attempt, GENERATION, 0, 0, data);
    }

    @Test
    void garbageOfAnyLengthIsRefusedInBoundedTime() {
        Random random = new Random(11);
        Handshake server = Ends.server(Suite.AES_256_GCM, KeyExchange.X25519_MLKEM768);
        assertTimeout(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 100_000; i++) {
                byte[] bytes = new byte[random.nextInt(1100)];
                random.nextBytes(bytes);
                if (bytes.length > 3 && random.nextBoolean()) {
                    bytes[0] = 7;
                    bytes[1] = 0;
                    bytes[3] = 0;
                }
                assertNotNull(Ends.give(server, bytes, i), "seed 11, message " + i);
            }
        });
        assertEquals(State.IDLE, server.state());
    }

    @Test
    void fieldsOutOfRangeAreRefused() {
        byte[] data = {1};
        assertTrue(isWellFormed(first(1, data)));
        assertTrue(isWellFormed(message(1, 127, 1, 1, 16_383, 16_384, data)));
        assertFalse(isWellFormed(message(0, 0, 1, 1, 0, 0, data)), "epoch 0");
        assertFalse(isWellFormed(message(0, 128, 1, 1, 0, 0, data)), "epoch 128");
        assertFalse(isWellFormed(message(2, 1, 1, 1, 0, 0, data)), "an unknown flag");
        assertFalse(isWellFormed(message(0, 1, 0, 1, 0, 0, data)), "attempt 0");
        assertFalse(isWellFormed(message(0, 1, -1, 1, 0, 0, data)), "an attempt below 0");
        assertFalse(isWellFormed(message(0, 1, 1, 0, 0, 0, data)), "generation 0");
        assertFalse(isWellFormed(message(0, 1, 1, -1, 0, 0, data)), "a generation below 0");
        assertFalse(isWellFormed(message(0, 1, 1, 1, 16_384, 0, data)), "beyond the end of any stream");
        assertFalse(isWellFormed(message(0, 1, 1, 1, 0, 16_385, data)), "beyond the end of any stream");
        assertFalse(isWellFormed(message(0, 1, 1, 1, 0, 0, new byte[HandshakeMessage.MAX_DATA + 1])), "too long");
        byte[] reserved = first(1, data);
        reserved[3] = 1;
        assertFalse(isWellFormed(reserved));
        byte[] other = first(1, data);
        other[0] = 8;
        assertFalse(isWellFormed(other));
        assertFalse(HandshakeMessage.isWellFormed(new UnsafeBuffer(other), 0, HandshakeMessage.HEADER_LENGTH - 1));
    }

    private static boolean isWellFormed(byte[] message) {
        return HandshakeMessage.isWellFormed(new UnsafeBuffer(message), 0, message.length);
    }

    @Test
    void garbageInPlaceOfTlsEndsTheAttemptAndNothingElse() {
        Random random = new Random(12);
        Ends ends = Ends.of(Suite.SM4_GCM, KeyExchange.CURVE_SM2);
        assertTimeout(Duration.ofSeconds(30), () -> {
            for (int attempt = 1; attempt <= 2000; attempt++) {
                byte[] bytes = new byte[1 + random.nextInt(HandshakeMessage.MAX_DATA)];
                random.nextBytes(bytes);
                if (bytes.length > 9 && random.nextInt(4) > 0) {
                    ByteBuffer.wrap(bytes).put((byte) 22).putShort((short) 0x0303).putShort((short) (bytes.length - 5)).put((byte) 1)
                        .put((byte) 0).putShort((short) (bytes.length - 9));
                }
                assertNull(Ends.give(ends.server, first(attempt, bytes), attempt), "seed 12, attempt " + attempt);
                assertNull(ends.server.takeKeys());
            }
        });
        ends.server.doWork(3000, (message, offset, length) -> true);
        Handshake honest = Ends.client(Suite.SM4_GCM, KeyExchange.CURVE_SM2);
        Ends after = new Ends(honest, ends.server);
        while (honest.attempt() <= 2000) {
            honest.start(1, 4000);
        }
        after.run(4000);
        assertTrue(Ends.agree(honest.takeKeys(), ends.server.takeKeys()));
    }

    @Test
    void changedHellosNeverGiveKeysAndNeverThrow() {
        Ends ends = Ends.of(Suite.AES_256_GCM, KeyExchange.X25519_MLKEM768);
        ends.client.start(1, 0);
        ends.send(0);
        Random random = new Random(13);
        Handshake server = Ends.server(Suite.AES_256_GCM, KeyExchange.X25519_MLKEM768);
        for (int attempt = 1; attempt <= 500; attempt++) {
            for (byte[] original : ends.toServer) {
                byte[] changed = original.clone();
                ByteBuffer.wrap(changed).putInt(4, attempt);
                changed[HandshakeMessage.HEADER_LENGTH + random.nextInt(changed.length - HandshakeMessage.HEADER_LENGTH)] ^=
                    (byte) (1 << random.nextInt(8));
                assertNull(Ends.give(server, changed, attempt), "seed 13, attempt " + attempt);
            }
            assertNull(server.takeKeys(), "seed 13, attempt " + attempt);
            assertUnfinished(attempt, server);
        }
    }

    private static void assertUnfinished(int attempt, Handshake server) {
        assertTrue(server.state() == State.FAILED || server.state() == State.FLIGHTS, "seed 13, attempt " + attempt + ": " + server.state());
    }

    @Test
    void aStreamWithoutEndIsBounded() {
        Handshake server = Ends.server(Suite.AES_256_GCM, KeyExchange.X25519);
        byte[] record = new byte[HandshakeMessage.MAX_DATA];
        ByteBuffer.wrap(record).put((byte) 22).putShort((short) 0x0303).putShort((short) 0x4000);
        assertNull(Ends.give(server, first(1, record), 0));
        for (int offset = record.length; offset + record.length <= HandshakeMessage.MAX_STREAM; offset += record.length) {
            assertNull(Ends.give(server, message(0, 1, 1, GENERATION, offset, 0, new byte[HandshakeMessage.MAX_DATA]), 0));
        }
        assertEquals(State.FLIGHTS, server.state());
        server.doWork(Handshake.PATIENCE_NS, (message, offset, length) -> true);
        assertEquals(State.FAILED, server.state());
    }

    @Test
    void anAbortOfTheOtherEndCannotTakeKeysBack() {
        Ends ends = Ends.of(Suite.AES_256_GCM, KeyExchange.X25519);
        ends.client.start(1, 0);
        ends.run(0);
        assertNull(Ends.give(ends.server, message(1, 1, 1, GENERATION, 0, 0, new byte[0]), 0));
        assertEquals(State.DONE, ends.server.state());
        assertTrue(Ends.agree(ends.client.takeKeys(), ends.server.takeKeys()));
    }

    @Test
    void abortsAreNotAnsweredWithAborts() {
        Ends ends = Ends.of(Suite.AES_256_GCM, KeyExchange.X25519);
        assertEquals(DropReason.HANDSHAKE_STALE, Ends.give(ends.server, message(1, 1, 1, GENERATION, 0, 0, new byte[0]), 0));
        ends.client.start(1, 0);
        Ends.give(ends.client, message(1, 1, 1, GENERATION, 0, 0, new byte[0]), 0);
        assertEquals(State.FAILED, ends.client.state());
        assertEquals(0, ends.client.doWork(1, (message, offset, length) -> true));
        Ends.give(ends.client, message(1, 1, 1, GENERATION, 0, 0, new byte[0]), 2);
        assertEquals(0, ends.client.doWork(3, (message, offset, length) -> true));
    }
}
