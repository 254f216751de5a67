package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.cli.lab.Capture;
import org.pairspan.cli.lab.Site;
import org.pairspan.multijvm.harness.Flood;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.LineTunnel;
import org.pairspan.multijvm.harness.NumberedFlow;
import org.pairspan.multijvm.harness.Overload;
import org.pairspan.multijvm.harness.Scenario;
import org.pairspan.protocol.crypto.Suite;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The first packets go at once under the keys that a generation begins with, everything later under keys of an exchange of the two nodes. */
@Scenario
@Timeout(240)
class HandshakeTest {

    private static final int PORT = 7600;
    private static final int SPI_OFFSET = 12;
    private static final int EPOCH_MASK = 0x7F;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Installation installation;

    @TempDir
    private Path folder;

    HandshakeTest(Installation installation) {
        this.installation = installation;
    }

    @ParameterizedTest
    @EnumSource
    void trafficGoesUnderKeysOfAnExchangeSoonAndNothingIsLostBetween(Suite suite) throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, "suites = [" + suite.wireName() + "]")) {
            final Overload overload = Overload.of(tunnel);
            final Capture capture = Capture.start(tunnel.left().site().namespace(), "wire", folder.resolve("first.pcap"));
            try (capture; NumberedFlow flow = tunnel.flow(tunnel.left(), PORT, 200, 500)) {
                tunnel.awaitPeer(tunnel.left(), HandshakeTest::hasExchanged, LIMIT);
                tunnel.awaitPeer(tunnel.right(), HandshakeTest::hasExchanged, LIMIT);
                final Map<String, Object> peer = tunnel.peerOf(tunnel.left());
                assertFalse(((String) peer.get("KeyExchange")).isBlank(), peer::toString);
                assertTrue(flow.awaitArrivals(200, LIMIT.toMillis()));
                final NumberedFlow.Result result = flow.stop(1000);
                overload.assertNothingElseLost(List.of(result));
            }
            assertEquals(0, datagrams(tunnel, capture).map(HandshakeTest::epoch).findFirst().orElseThrow(), "the first goes without a round trip");
            assertEveryLaterDatagramIsUnderAnExchange(tunnel);
        }
    }

    @Test
    void theTunnelNeedsNoKeyServerOnceItRuns() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, "")) {
            final Overload overload = Overload.of(tunnel);
            try (NumberedFlow flow = tunnel.flow(tunnel.left(), PORT, 200, 200)) {
                assertTrue(flow.awaitArrivals(50, LIMIT.toMillis()));
                for (int number = 1; number <= 3; number++) {
                    installation.killKeyServer(number);
                }
                try {
                    tunnel.awaitPeer(tunnel.left(), HandshakeTest::hasExchanged, LIMIT);
                    assertTrue(flow.awaitArrivals(600, LIMIT.toMillis()));
                } finally {
                    installation.restartKeyServers();
                }
                final NumberedFlow.Result result = flow.stop(1000);
                overload.assertNothingElseLost(List.of(result));
            }
        }
    }

    private void assertEveryLaterDatagramIsUnderAnExchange(LineTunnel tunnel) throws Exception {
        final Capture capture = Capture.start(tunnel.left().site().namespace(), "wire", folder.resolve("later.pcap"));
        try (capture; NumberedFlow flow = tunnel.flow(tunnel.left(), PORT, 200, 500)) {
            assertTrue(flow.awaitArrivals(200, LIMIT.toMillis()));
        }
        final List<Integer> epochs = datagrams(tunnel, capture).map(HandshakeTest::epoch).distinct().toList();
        assertFalse(epochs.isEmpty());
        assertFalse(epochs.contains(0), () -> "epochs on the wire: " + epochs);
    }

    private static Stream<byte[]> datagrams(LineTunnel tunnel, Capture capture) throws IOException {
        return Flood.datagramsTo(new InetSocketAddress(tunnel.right().site().wireAddress(), Site.BEARER_PORT), capture.file()).stream();
    }

    private static int epoch(byte[] datagram) {
        return ByteBuffer.wrap(datagram).getInt(SPI_OFFSET) & EPOCH_MASK;
    }

    private static boolean hasExchanged(Map<String, Object> peer) {
        return (Integer) peer.get("Epoch") > 0;
    }
}
