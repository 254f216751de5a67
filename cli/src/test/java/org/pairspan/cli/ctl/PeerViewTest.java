package org.pairspan.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pairspan.node.observe.PeerMXBean;
import org.pairspan.runtime.jmx.ManagedBeans;

class PeerViewTest {
    private static final Map<String, Object> BUSY = Map.ofEntries(Map.entry("Id", "site-b"), Map.entry("Number", 2),
        Map.entry("Prefixes", List.of("10.2.0.0/16", "2001:db8:2::/48")), Map.entry("Bearer", "203.0.113.1:4710"), Map.entry("KeyVersion", 1),
        Map.entry("Generation", 3L), Map.entry("Epoch", 7), Map.entry("Suite", "sm4-gcm"), Map.entry("Cipher", "libgcrypt"),
        Map.entry("KeyExchange", "curveSM2"), Map.entry("Link", "up"), Map.entry("LinkReason", "the peer answered a heartbeat"),
        Map.entry("LinkSeconds", 7380L), Map.entry("RoundTripNanos", 412_000L), Map.entry("RoundTripVariationNanos", 30_000L),
        Map.entry("RoundTripMinimumNanos", 380_000L), Map.entry("PathMtu", 1480), Map.entry("PacketsOut", 1_234_567L),
        Map.entry("BytesOut", 3L << 30), Map.entry("PacketsIn", 8L), Map.entry("BytesIn", 1536L), Map.entry("ReliablePacketsOut", 1000L),
        Map.entry("ReliableBytesOut", 2048L), Map.entry("ReliablePacketsIn", 0L), Map.entry("ReliableBytesIn", 0L),
        Map.entry("Retransmissions", 12L), Map.entry("CongestionWindow", 512L), Map.entry("CongestionWindowCuts", 3L), Map.entry("QueueDrains", 4L),
        Map.entry("LongerPaths", 2L), Map.entry("PaddingBytes", 4096L), Map.entry("DummyPackets", 3L), Map.entry("TimesDown", 2L), Map.entry("KeyUpdate", "settled"),
        Map.entry("AlertsSent", Map.of("access_denied", 5L)), Map.entry("AlertsReceived", Map.of()),
        Map.entry("LastAuthenticatedAgeMillis", 12L));

    private static final Map<String, Object> FRESH = fresh();

    private static Map<String, Object> fresh() {
        Map<String, Object> fresh = new HashMap<>(BUSY);
        fresh.putAll(Map.of("Link", "unknown", "LinkReason", "nothing has been heard from the peer yet", "RoundTripNanos", -1L, "PathMtu", 0,
            "KeyExchange", "", "Epoch", 0, "LastAuthenticatedAgeMillis", -1L, "ReliablePacketsOut", 0L, "Retransmissions", 0L));
        fresh.putAll(Map.of("TimesDown", 0L, "KeyUpdate", "exchanging", "PaddingBytes", 0L, "AlertsSent", Map.of(), "CongestionWindow", 0L));
        return fresh;
    }

    /** A peer with these attributes, which must be all that a peer has. */
    private static PeerMXBean peer(Map<String, Object> attributes) {
        return (PeerMXBean) Proxy.newProxyInstance(PeerViewTest.class.getClassLoader(), new Class<?>[] {PeerMXBean.class},
            (proxy, method, arguments) -> {
                String name = method.getName().substring("get".length());
                assertTrue(attributes.containsKey(name), name);
                return attributes.get(name);
            });
    }

    private static String render(Map<String, Map<String, Object>> peers) throws Exception {
        try (ManagedBeans beans = new ManagedBeans()) {
            peers.forEach((name, attributes) -> beans.register(peer(attributes), "Peer", name));
            // Other tests may have beans of their own at the same server meanwhile.
            return StatusView.render(BeanReader.read(ManagementFactory.getPlatformMBeanServer()).stream()
                .filter(bean -> bean.type().equals(StatusView.PEER)).toList());
        }
    }

    @Test
    void onePeerIsDescribedInSentences() throws Exception {
        assertEquals("""
            PEER site-b (member 2)
              link         up for 2 h 3 min: the peer answered a heartbeat; last heard 12 ms ago; down 2 times so far
              path         203.0.113.1:4710, largest packet 1,480 bytes
              round trip   412 µs, varies by 30 µs, shortest 380 µs
              behind it    10.2.0.0/16, 2001:db8:2::/48
              keys         key version 1, generation 3, epoch 7, by curveSM2: forward secret
              cipher       sm4-gcm, computed by libgcrypt
              out          1,234,567 packets, 3.0 GiB; of them reliable 1,000 packets, 2.0 KiB, 12 pieces sent again
              in           8 packets, 1.5 KiB
              window       512 pieces of the reliable class, cut 3 times for congestion; the path became longer 2 times
              padding      4.0 KiB sent that carry nothing, among them 3 dummy packets
              alerts sent  access_denied 5""", render(Map.of("site-b", BUSY)));
    }

    @Test
    void whatIsNotKnownYetIsSaidAndWhatDidNotHappenIsNot() throws Exception {
        String view = render(Map.of("site-b", FRESH));
        assertTrue(view.contains("last heard never\n"), view);
        assertTrue(view.contains("largest packet not known yet\n"), view);
        assertTrue(view.contains("round trip  not known yet\n"), view);
        assertTrue(view.contains("epoch 0, of the pair key alone: not forward secret; being replaced: exchanging\n"), view);
        for (String absent : List.of("reliable", "sent again", "padding", "alerts")) {
            assertFalse(view.contains(absent), view);
        }
    }

    @Test
    void aPathThatNeverBecameLongerIsNotSpokenOf() throws Exception {
        Map<String, Object> steady = new HashMap<>(BUSY);
        steady.put("LongerPaths", 0L);
        assertTrue(render(Map.of("site-b", steady)).contains("cut 3 times for congestion\n"));
    }

    @Test
    void severalPeersHaveATableAndManyNothingElse() throws Exception {
        String few = render(Map.of("site-b", BUSY, "site-c", FRESH));
        assertTrue(few.startsWith("PEERS\n"), few);
        assertTrue(few.lines().anyMatch(line -> line.matches("\\s*site-b\\s+up\\s+2 h 3 min\\s+412 µs\\s+sm4-gcm\\s+3, 7\\s+3.0 GiB\\s+1.5 KiB\\s.*ago\\s*")), few);
        assertTrue(few.contains("\nPEER site-b (member 2)\n") && few.contains("\nPEER site-c (member 2)\n"), few);
        Map<String, Map<String, Object>> many = new HashMap<>();
        IntStream.range(0, 9).forEach(i -> many.put("site-" + i, FRESH));
        String table = render(many);
        assertFalse(table.contains("PEER site"), table);
        assertTrue(table.endsWith("pairspan ctl status --peer NAME)"), table);
    }
}
