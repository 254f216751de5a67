package org.pairspan.node.pipeline;

import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.pairspan.node.classify.PeerTable;
import org.pairspan.node.observe.TrafficTelemetry;

/** The tunnels there are, by member number and by the addresses behind them. Changed by the data thread only. */
final class PeerDirectory {
    private final PeerTable table = new PeerTable();
    private final Int2ObjectHashMap<PeerTunnel> byNumber = new Int2ObjectHashMap<>();
    private volatile Population population = Population.NONE;

    /** Takes a new tunnel, or what has changed behind a known one. */
    void put(PeerTunnel tunnel) {
        table.assign(tunnel.number(), tunnel.prefixes());
        if (byNumber.put(tunnel.number(), tunnel) == null) {
            population = population.with(tunnel);
        }
    }

    /** Takes the tunnel to a member out; null where there is none. What went through it stays in the sums. */
    PeerTunnel remove(int number) {
        PeerTunnel tunnel = byNumber.remove(number);
        if (tunnel != null) {
            table.withdraw(number);
            population = population.without(tunnel);
        }
        return tunnel;
    }

    /** The tunnel to a member, or null. */
    PeerTunnel tunnel(int number) {
        return byNumber.get(number);
    }

    /** The tunnel to whoever owns the destination of a well-formed IP packet, or null. */
    PeerTunnel ofDestination(DirectBuffer buffer, int offset) {
        int number = table.ofDestination(buffer, offset);
        return number == PeerTable.NONE ? null : byNumber.get(number);
    }

    /** Whether a well-formed IP packet's source lies behind this tunnel. */
    boolean isSource(PeerTunnel tunnel, DirectBuffer buffer, int offset) {
        return table.ofSource(buffer, offset) == tunnel.number();
    }

    /** All tunnels. Any thread; not to be changed. */
    PeerTunnel[] tunnels() {
        return population.tunnels();
    }

    /** What went through all tunnels since the start. Any thread. */
    TrafficTelemetry traffic() {
        return population;
    }
}
