package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.cli.lab.Capture;
import org.pairspan.cli.lab.Site;
import org.pairspan.multijvm.harness.Flood;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.LineTunnel;
import org.pairspan.multijvm.harness.NumberedFlow;
import org.pairspan.multijvm.harness.Overload;
import org.pairspan.multijvm.harness.Scenario;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What an observer of the line between two padding nodes sees of the lengths and times of what they carry: no more than the mode leaves. */
@Scenario
@Timeout(120)
class PaddingTest {

    private static final int PORT = 7700;
    private static final int PER_SECOND = 100;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int MULTIPLE = 256;
    /** Without path MTU probes, whose length is what they are about. */
    private static final String PADDED = "bearer.path-mtu-discovery = false\npeer-defaults.padding { mode = %s, multiple = " + MULTIPLE
        + ", interval = 5 ms }";

    private final Installation installation;

    @TempDir
    private Path folder;

    PaddingTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void lengthsAreMultiplesWhereThatIsTheMode() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, PADDED.formatted("multiple"))) {
            final List<Integer> lengths = lengthsOfShortAndLong(tunnel);
            final int fullSize = lengths.stream().max(Integer::compare).orElseThrow();
            final Set<Integer> remainders = lengths.stream().filter(length -> length < fullSize).map(length -> length % MULTIPLE)
                .collect(Collectors.toSet());
            assertEquals(1, remainders.size(), () -> "lengths on the wire: " + new TreeSet<>(lengths));
            assertTrue(new HashSet<>(lengths).size() > 1, "a full-size datagram for each packet is not what this mode is for");
            assertTrue((Long) tunnel.peerOf(tunnel.left()).get("PaddingBytes") > 0);
        }
    }

    @Test
    void everyDatagramIsAsLongAsThePathAllowsWhereThatIsTheMode() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, PADDED.formatted("full"))) {
            final Set<Integer> lengths = new TreeSet<>(lengthsOfShortAndLong(tunnel));
            assertEquals(1, lengths.size(), () -> "lengths on the wire: " + lengths);
        }
    }

    @Test
    void asManyDatagramsPassAtAConstantRateWithPayloadAsWithout() throws Exception {
        try (LineTunnel tunnel = LineTunnel.start(installation, PADDED.formatted("constant-rate"))) {
            final Overload overload = Overload.of(tunnel);
            try (NumberedFlow flow = tunnel.flow(tunnel.left(), PORT, 100, PER_SECOND)) {
                assertTrue(flow.awaitArrivals(PER_SECOND, LIMIT.toMillis()), () -> tunnel.left().node().tail(20));
                final int busy = datagramsOfASecond(tunnel, "busy.pcap", flow);
                final NumberedFlow.Result result = flow.stop(1000);
                overload.assertNothingElseLost(List.of(result));
                final int idle = datagramsOfASecond(tunnel, "idle.pcap", null);
                assertTrue(Math.abs(busy - idle) < busy / 4, () -> "datagrams in about a second, busy " + busy + ", idle " + idle);
            }
            final Map<String, Object> peer = tunnel.peerOf(tunnel.left());
            assertTrue((Long) peer.get("DummyPackets") > 0, peer::toString);
        }
    }

    /** Lengths of the datagrams that carry packets of 50 and of 900 bytes, and all else that passes meanwhile. */
    private List<Integer> lengthsOfShortAndLong(LineTunnel tunnel) throws Exception {
        final Path file = folder.resolve("lengths.pcap");
        final Overload overload = Overload.of(tunnel);
        try (NumberedFlow shortOnes = tunnel.flow(tunnel.left(), PORT, 50, PER_SECOND);
            NumberedFlow longOnes = tunnel.flow(tunnel.left(), PORT + 1, 900, PER_SECOND)) {
            assertTrue(shortOnes.awaitArrivals(PER_SECOND / 2, LIMIT.toMillis()), () -> tunnel.left().node().tail(20));
            try (Capture capture = Capture.start(tunnel.left().site().namespace(), "wire", file)) {
                assertTrue(shortOnes.awaitPassage(PER_SECOND, LIMIT.toMillis()));
                assertTrue(longOnes.awaitPassage(1, LIMIT.toMillis()));
                capture.sync();
            }
            overload.assertNothingElseLost(List.of(shortOnes.stop(1000), longOnes.stop(1000)));
        }
        return datagrams(tunnel, file).stream().map(datagram -> datagram.length).toList();
    }

    /** How many passed while 200 slots of 5 ms did, by the sender's own count of what it sent. */
    private int datagramsOfASecond(LineTunnel tunnel, String name, NumberedFlow flow) throws Exception {
        final Path file = folder.resolve(name);
        final long start = System.nanoTime();
        try (Capture capture = Capture.start(tunnel.left().site().namespace(), "wire", file)) {
            if (flow == null) {
                final long dummies = (Long) tunnel.peerOf(tunnel.left()).get("DummyPackets");
                tunnel.awaitPeer(tunnel.left(), peer -> (Long) peer.get("DummyPackets") > dummies + 200, LIMIT);
            } else {
                assertTrue(flow.awaitPassage(PER_SECOND, LIMIT.toMillis()));
            }
            capture.sync();
        }
        final double seconds = (System.nanoTime() - start) / 1e9;
        return (int) (datagrams(tunnel, file).size() / seconds);
    }

    private static List<byte[]> datagrams(LineTunnel tunnel, Path file) throws IOException {
        return Flood.datagramsTo(new InetSocketAddress(tunnel.right().site().wireAddress(), Site.BEARER_PORT), file);
    }
}
