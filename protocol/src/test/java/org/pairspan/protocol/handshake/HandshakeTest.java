package org.pairspan.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.Handshake.State;
import org.pairspan.protocol.padding.PaddedMessage;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.wire.DropReason;

class HandshakeTest {
    private static final long NOW_NS = 1_000_000_000L;

    static Stream<Arguments> suitesAndExchanges() {
        return Arrays.stream(Suite.values())
            .flatMap(suite -> Arrays.stream(KeyExchange.values()).map(exchange -> Arguments.of(suite, exchange)));
    }

    @ParameterizedTest
    @MethodSource("suitesAndExchanges")
    void bothEndsGetTheSameKeysAndOthersInEachEpoch(Suite suite, KeyExchange exchange) {
        Ends ends = Ends.of(suite, exchange);
        ends.client.start(1, NOW_NS);
        ends.run(NOW_NS);
        EpochKeys first = ends.client.takeKeys();
        assertTrue(Ends.agree(first, ends.server.takeKeys()));
        assertEquals(State.DONE, ends.client.state());
        assertEquals(State.DONE, ends.server.state());
        assertFalse(Ends.same(first.outbound(), first.inbound()));
        assertEquals(suite.keyLength(), first.outbound().aeadKey().length);

        ends.client.start(2, NOW_NS);
        ends.run(NOW_NS);
        EpochKeys second = ends.client.takeKeys();
        assertTrue(Ends.agree(second, ends.server.takeKeys()));
        assertEquals(2, second.epoch());
        assertFalse(Ends.same(first.outbound(), second.outbound()));
        assertNull(ends.client.takeKeys(), "keys are given once");
    }

    @ParameterizedTest
    @MethodSource("suitesAndExchanges")
    void anExchangePassesTheNarrowestPathATunnelHas(Suite suite, KeyExchange exchange) {
        int carries = OutboundAssociation.payloadCapacity(576 - 20 - 8) - PaddedMessage.HEADER_LENGTH;
        Ends ends = Ends.of(suite, exchange);
        ends.client.start(1, NOW_NS);
        do {
            ends.send(NOW_NS);
            ends.toServer.removeIf(message -> message.length > carries);
            ends.toClient.removeIf(message -> message.length > carries);
            ends.deliver(NOW_NS);
            ends.send(NOW_NS);
        } while (!ends.toServer.isEmpty() || !ends.toClient.isEmpty());
        assertEquals(State.DONE, ends.client.state());
        assertTrue(Ends.agree(ends.client.takeKeys(), ends.server.takeKeys()));
    }

    static Stream<Arguments> strangers() {
        Suite suite = Suite.AES_256_GCM;
        KeyExchange exchange = KeyExchange.X25519;
        return Stream.of(
            Arguments.of("another pair key", Ends.end(7, 1, suite, exchange, (byte) 2, 3, 9)),
            Arguments.of("another key version", Ends.end(7, 1, suite, exchange, (byte) 1, 4, 9)),
            Arguments.of("another suite", Ends.end(7, 1, Suite.CHACHA20_POLY1305, exchange, (byte) 1, 3, 9)),
            Arguments.of("the SM suite", Ends.end(7, 1, Suite.SM4_GCM, exchange, (byte) 1, 3, 9)),
            Arguments.of("a stronger group", Ends.end(7, 1, suite, KeyExchange.X25519_MLKEM768, (byte) 1, 3, 9)),
            Arguments.of("another curve", Ends.end(7, 1, suite, KeyExchange.CURVE_SM2, (byte) 1, 3, 9)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("strangers")
    void endsThatDifferInAnythingGetNoKeys(String difference, Handshake server) {
        Ends ends = new Ends(Ends.client(Suite.AES_256_GCM, KeyExchange.X25519), server);
        ends.client.start(1, NOW_NS);
        ends.run(NOW_NS);
        assertEquals(State.FAILED, ends.client.state(), difference);
        assertEquals(State.FAILED, server.state(), difference);
        assertNull(ends.client.takeKeys());
        assertNull(server.takeKeys());
        assertEquals("the other end has given up", ends.client.failure());
        assertFalse(server.failure().isEmpty());
    }

    @Test
    void aClientDoesNotTakeAWeakerGroupThanItsPolicyNames() {
        Ends ends = new Ends(Ends.client(Suite.AES_256_GCM, KeyExchange.X25519_MLKEM768), Ends.server(Suite.AES_256_GCM, KeyExchange.X25519));
        ends.client.start(1, NOW_NS);
        ends.run(NOW_NS);
        assertEquals(State.FAILED, ends.client.state());
    }

    @Test
    void messagesOfAnotherGenerationAreStale() {
        Ends ends = new Ends(Ends.client(Suite.SM4_GCM, KeyExchange.CURVE_SM2),
            Ends.end(7, 1, Suite.SM4_GCM, KeyExchange.CURVE_SM2, (byte) 1, 3, 10));
        ends.client.start(1, NOW_NS);
        ends.send(NOW_NS);
        assertEquals(DropReason.HANDSHAKE_STALE, Ends.give(ends.server, ends.toServer.getFirst(), NOW_NS));
        assertEquals(State.IDLE, ends.server.state());
    }

    @Test
    void anAttemptThatWasOvertakenIsStale() {
        Ends ends = Ends.of(Suite.AES_256_GCM, KeyExchange.X25519);
        ends.client.start(1, NOW_NS);
        ends.send(NOW_NS);
        byte[] old = ends.toServer.getFirst();
        ends.toServer.clear();
        ends.client.start(1, NOW_NS);
        ends.run(NOW_NS);
        assertEquals(DropReason.HANDSHAKE_STALE, Ends.give(ends.server, old, NOW_NS));
        assertTrue(Ends.agree(ends.client.takeKeys(), ends.server.takeKeys()));
    }

    @Test
    void aClientThatStartsAgainInTheMiddleIsFollowed() {
        Ends ends = Ends.of(Suite.AES_256_GCM, KeyExchange.X25519_MLKEM768);
        ends.client.start(1, NOW_NS);
        ends.send(NOW_NS);
        ends.deliver(NOW_NS);
        assertEquals(State.FLIGHTS, ends.server.state());
        ends.client.start(1, NOW_NS);
        ends.run(NOW_NS);
        assertTrue(Ends.agree(ends.client.takeKeys(), ends.server.takeKeys()));
    }

    @Test
    void anEpochThatIsPastIsNotMadeAgain() {
        Ends ends = Ends.of(Suite.AES_256_GCM, KeyExchange.X25519);
        ends.client.start(3, NOW_NS);
        ends.run(NOW_NS);
        assertThrows(IllegalArgumentException.class, () -> ends.client.start(3, NOW_NS));
        assertThrows(IllegalArgumentException.class, () -> ends.client.start(Spi.MAX_EPOCH + 1, NOW_NS));
        assertThrows(IllegalStateException.class, () -> ends.server.start(4, NOW_NS));
        Handshake liar = Ends.client(Suite.AES_256_GCM, KeyExchange.X25519);
        liar.start(1, NOW_NS);
        liar.start(2, NOW_NS);
        Ends second = new Ends(liar, ends.server);
        second.send(NOW_NS);
        assertEquals(DropReason.HANDSHAKE_STALE, Ends.give(ends.server, second.toServer.getFirst(), NOW_NS));
    }

    @Test
    void anAttemptWithoutAnAnswerIsGivenUp() {
        Ends ends = Ends.of(Suite.SM4_GCM, KeyExchange.CURVE_SM2);
        ends.client.start(1, NOW_NS);
        int messages = 0;
        for (long nowNs = NOW_NS; nowNs < NOW_NS + 2 * Handshake.PATIENCE_NS; nowNs += 10_000_000) {
            ends.send(nowNs);
            messages += ends.toServer.size();
            ends.toServer.clear();
        }
        assertEquals(State.FAILED, ends.client.state());
        assertTrue(messages < 15, messages + " messages into the void");
    }

    @Test
    void whatWasSaidLastIsRepeatedUntilTheServerHasIt() {
        Ends ends = Ends.of(Suite.AES_256_GCM, KeyExchange.X25519);
        ends.client.start(1, NOW_NS);
        ends.send(NOW_NS);
        ends.deliver(NOW_NS);
        ends.send(NOW_NS);
        ends.deliver(NOW_NS);
        assertEquals(State.CONFIRMING, ends.client.state());
        ends.send(NOW_NS);
        ends.toServer.clear();
        assertEquals(State.FLIGHTS, ends.server.state());
        ends.run(NOW_NS + HandshakeStream.FIRST_TIMEOUT_NS);
        assertEquals(State.DONE, ends.client.state());
        assertTrue(Ends.agree(ends.client.takeKeys(), ends.server.takeKeys()));
    }

    @Test
    void closingWipesTheKey() {
        Ends ends = Ends.of(Suite.AES_256_GCM, KeyExchange.X25519);
        ends.client.start(1, NOW_NS);
        ends.run(NOW_NS);
        ends.client.close();
        assertNull(ends.client.takeKeys());
    }
}
