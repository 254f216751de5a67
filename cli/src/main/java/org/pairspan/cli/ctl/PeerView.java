package org.pairspan.cli.ctl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;

/** Peers of a node as text: where there are several, a table with a line for each; then what is known of each, in sentences. */
final class PeerView {
    /** What is known of more of them than these fills the screen; the table has them all. */
    private static final int MOST_IN_DETAIL = 8;
    private static final int MS_PER_S = 1000;
    private static final String NOT_KNOWN = "not known yet";

    private PeerView() {
    }

    static String render(List<Bean> peers) {
        if (peers.size() == 1) {
            return detail(peers.getFirst());
        }
        String table = "PEERS\n" + TextTable.of(peers.stream().map(PeerView::summary).toList());
        return peers.size() > MOST_IN_DETAIL ? table + "\n(more of one of them: pairspan ctl status --peer NAME)"
            : table + "\n\n" + peers.stream().map(PeerView::detail).collect(Collectors.joining("\n\n"));
    }

    private static SequencedMap<String, String> summary(Bean peer) {
        SequencedMap<String, String> row = new LinkedHashMap<>();
        row.put("name", peer.name());
        row.put("link", text(peer, "Link"));
        row.put("for", seconds(peer, "LinkSeconds"));
        row.put("round trip", number(peer, "RoundTripNanos") < 0 ? "" : Amounts.time(number(peer, "RoundTripNanos")));
        row.put("suite", text(peer, "Suite"));
        row.put("generation, epoch", number(peer, "Generation") + ", " + number(peer, "Epoch"));
        row.put("out", Amounts.bytes(number(peer, "BytesOut")));
        row.put("in", Amounts.bytes(number(peer, "BytesIn")));
        row.put("heard", heard(peer));
        return row;
    }

    private static String detail(Bean peer) {
        SequencedMap<String, String> lines = new LinkedHashMap<>();
        lines.put("link", text(peer, "Link") + " for " + seconds(peer, "LinkSeconds") + ": " + text(peer, "LinkReason") + "; last heard "
            + heard(peer) + timesDown(peer));
        lines.put("path", text(peer, "Bearer") + ", largest packet " + largestPacket(peer));
        lines.put("round trip", roundTrip(peer));
        lines.put("behind it", String.join(", ", (String[]) peer.attributes().getOrDefault("Prefixes", new String[0])));
        lines.put("keys", keys(peer));
        lines.put("cipher", text(peer, "Suite") + ", computed by " + text(peer, "Cipher"));
        lines.put("out", traffic(peer, "Out") + sentAgain(peer));
        lines.put("in", traffic(peer, "In"));
        if (number(peer, "CongestionWindow") > 0) {
            lines.put("window", Amounts.count(number(peer, "CongestionWindow")) + " pieces of the reliable class, cut "
                + Amounts.count(number(peer, "CongestionWindowCuts")) + " times for congestion" + longerPaths(peer));
        }
        if (number(peer, "PaddingBytes") > 0) {
            lines.put("padding", Amounts.bytes(number(peer, "PaddingBytes")) + " sent that carry nothing, among them "
                + Amounts.count(number(peer, "DummyPackets")) + " dummy packets");
        }
        alerts(peer, "AlertsSent", lines, "alerts sent");
        alerts(peer, "AlertsReceived", lines, "alerts got");
        return "PEER " + peer.name() + " (member " + number(peer, "Number") + ")\n" + TextTable.list(lines);
    }

    private static String timesDown(Bean peer) {
        return number(peer, "TimesDown") == 0 ? "" : "; down " + Amounts.count(number(peer, "TimesDown")) + " times so far";
    }

    private static String longerPaths(Bean peer) {
        return number(peer, "LongerPaths") == 0 ? "" : "; the path became longer " + Amounts.count(number(peer, "LongerPaths")) + " times";
    }

    private static String heard(Bean peer) {
        long millis = number(peer, "LastAuthenticatedAgeMillis");
        if (millis >= 0 && millis < MS_PER_S) {
            return millis + " ms ago";
        }
        return millis < 0 ? "never" : Amounts.time(TimeUnit.MILLISECONDS.toNanos(millis)) + " ago";
    }

    private static String largestPacket(Bean peer) {
        long bytes = number(peer, "PathMtu");
        return bytes == 0 ? NOT_KNOWN : Amounts.count(bytes) + " bytes";
    }

    private static String roundTrip(Bean peer) {
        long ns = number(peer, "RoundTripNanos");
        return ns < 0 ? NOT_KNOWN : Amounts.time(ns) + ", varies by " + Amounts.time(number(peer, "RoundTripVariationNanos")) + ", shortest "
            + Amounts.time(number(peer, "RoundTripMinimumNanos"));
    }

    private static String keys(Bean peer) {
        String exchange = text(peer, "KeyExchange");
        return "key version " + number(peer, "KeyVersion") + ", generation " + number(peer, "Generation") + ", epoch " + number(peer, "Epoch")
            + (exchange.isEmpty() ? ", of the pair key alone: not forward secret" : ", by " + exchange + ": forward secret")
            + (text(peer, "KeyUpdate").equals("settled") ? "" : "; being replaced: " + text(peer, "KeyUpdate"));
    }

    private static String traffic(Bean peer, String way) {
        String all = Amounts.count(number(peer, "Packets" + way)) + " packets, " + Amounts.bytes(number(peer, "Bytes" + way));
        long reliable = number(peer, "ReliablePackets" + way);
        return reliable == 0 ? all
            : all + "; of them reliable " + Amounts.count(reliable) + " packets, " + Amounts.bytes(number(peer, "ReliableBytes" + way));
    }

    private static String sentAgain(Bean peer) {
        long pieces = number(peer, "Retransmissions");
        return pieces == 0 ? "" : ", " + Amounts.count(pieces) + " pieces sent again";
    }

    private static void alerts(Bean peer, String name, SequencedMap<String, String> lines, String label) {
        List<String> alerts = new ArrayList<>();
        if (peer.attributes().get(name) instanceof TabularData map) {
            for (Object row : (Collection<?>) map.values()) {
                alerts.add(((CompositeData) row).get("key") + " " + Amounts.count(((Number) ((CompositeData) row).get("value")).longValue()));
            }
        }
        if (!alerts.isEmpty()) {
            lines.put(label, String.join(", ", alerts));
        }
    }

    private static String seconds(Bean peer, String name) {
        return Amounts.time(TimeUnit.SECONDS.toNanos(number(peer, name)));
    }

    private static String text(Bean peer, String name) {
        return String.valueOf(peer.attributes().getOrDefault(name, ""));
    }

    private static long number(Bean peer, String name) {
        return peer.attributes().get(name) instanceof Number number ? number.longValue() : 0;
    }
}
