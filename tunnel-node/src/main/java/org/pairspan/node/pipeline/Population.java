package org.pairspan.node.pipeline;

import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.pairspan.node.observe.TrafficTelemetry;

/**
 * The tunnels there are, and what went through those that were closed: one value, so that whoever adds up finds each tunnel in it once,
 * and no sum ever goes back. Immutable but for the counts of the tunnels; any thread.
 */
final class Population implements TrafficTelemetry {
    static final Population NONE = new Population(new PeerTunnel[0], 0, 0, 0, 0);

    private final PeerTunnel[] tunnels;
    private final long closedPacketsOut;
    private final long closedBytesOut;
    private final long closedPacketsIn;
    private final long closedBytesIn;

    private Population(PeerTunnel[] tunnels, long closedPacketsOut, long closedBytesOut, long closedPacketsIn, long closedBytesIn) {
        this.tunnels = tunnels;
        this.closedPacketsOut = closedPacketsOut;
        this.closedBytesOut = closedBytesOut;
        this.closedPacketsIn = closedPacketsIn;
        this.closedBytesIn = closedBytesIn;
    }

    /** With one more. */
    Population with(PeerTunnel tunnel) {
        PeerTunnel[] more = Arrays.copyOf(tunnels, tunnels.length + 1);
        more[tunnels.length] = tunnel;
        return new Population(more, closedPacketsOut, closedBytesOut, closedPacketsIn, closedBytesIn);
    }

    /** Without one of them, through which nothing goes any more. */
    Population without(PeerTunnel tunnel) {
        PeerTunnel[] fewer = Arrays.stream(tunnels).filter(other -> other != tunnel).toArray(PeerTunnel[]::new);
        return new Population(fewer, closedPacketsOut + tunnel.packetsOut(), closedBytesOut + tunnel.bytesOut(),
                closedPacketsIn + tunnel.packetsIn(), closedBytesIn + tunnel.bytesIn());
    }

    /** Not to be changed. */
    PeerTunnel[] tunnels() {
        return tunnels;
    }

    @Override
    public long packetsOut() {
        return closedPacketsOut + sum(PeerTunnel::packetsOut);
    }

    @Override
    public long bytesOut() {
        return closedBytesOut + sum(PeerTunnel::bytesOut);
    }

    @Override
    public long packetsIn() {
        return closedPacketsIn + sum(PeerTunnel::packetsIn);
    }

    @Override
    public long bytesIn() {
        return closedBytesIn + sum(PeerTunnel::bytesIn);
    }

    private long sum(ToLongFunction<PeerTunnel> count) {
        return Arrays.stream(tunnels).mapToLong(count).sum();
    }
}
