package org.pairspan.cli.demo;

import org.pairspan.cli.lab.ManagementClient;

import java.util.Map;

/** The last chapter: what site A's node says of itself over JMX, and where to look next. */
final class SummaryTable {

    private final Narrator narrator;

    SummaryTable(Narrator narrator) {
        this.narrator = narrator;
    }

    /**
     * Prints it.
     *
     * @param node where to read
     * @param nodeId whose drops are shown
     * @param transferPeer the peer that the file went to
     */
    void print(ManagementClient node, String nodeId, String transferPeer, double megabitsPerSecond) {
        narrator.chapter(7, "Summary, as the nodes tell it over JMX");
        narrator.row("@|bold %-10s %-7s %-10s %-18s %12s %12s %10s|@", "pair with", "key", "generation", "suite", "packets out", "packets in", "Mbit/s");
        for (final Map<String, Object> peer : node.read("type=Peer,*").values()) {
            narrator.row("%-10s v%-6s %-10s %-18s %,12d %,12d %10s", peer.get("Id"), peer.get("KeyVersion"), peer.get("Generation"),
                peer.get("Suite"), (Long) peer.get("PacketsOut"), (Long) peer.get("PacketsIn"),
                transferPeer.equals(peer.get("Id")) ? "%,.0f".formatted(megabitsPerSecond) : "");
        }
        for (final Map<String, Object> self : node.read("type=Node,name=" + nodeId).values()) {
            narrator.row("");
            narrator.row("dropped, by reason: %s", self.get("Drops"));
        }
        narrator.row("");
        narrator.row("look next:  pairspan ctl status          a running node or key server, over JMX (beans org.pairspan:*)");
        narrator.row("            README.md                    the same by hand, on machines of your own");
        narrator.row("            docs/protocol.md             every byte on the wire");
        narrator.row("            docs/wireshark/README.md     read a capture, with keys you exported yourself");
        narrator.row("            docs/operations.md           settings, statistics, failures");
    }
}
