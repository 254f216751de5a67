package org.pairspan.node.observe;

import java.util.List;
import org.agrona.concurrent.NanoClock;
import org.pairspan.node.config.HostPort;
import org.pairspan.protocol.address.IpPrefix;

/** Shows what the data plane publishes about a peer. */
final class PeerBean implements PeerMXBean {
    private static final long NS_PER_MS = 1_000_000;

    private final PeerTelemetry telemetry;
    private final NanoClock clock;

    PeerBean(PeerTelemetry telemetry, NanoClock clock) {
        this.telemetry = telemetry;
        this.clock = clock;
    }

    @Override
    public String getId() {
        return telemetry.id();
    }

    @Override
    public int getNumber() {
        return telemetry.number();
    }

    @Override
    public List<String> getPrefixes() {
        return telemetry.prefixes().stream().map(IpPrefix::toString).toList();
    }

    @Override
    public String getBearer() {
        return HostPort.text(telemetry.bearer());
    }

    @Override
    public int getKeyVersion() {
        return telemetry.keyVersion();
    }

    @Override
    public long getGeneration() {
        return telemetry.generation();
    }

    @Override
    public String getSuite() {
        return telemetry.suite().wireName();
    }

    @Override
    public long getPacketsOut() {
        return telemetry.packetsOut();
    }

    @Override
    public long getBytesOut() {
        return telemetry.bytesOut();
    }

    @Override
    public long getPacketsIn() {
        return telemetry.packetsIn();
    }

    @Override
    public long getBytesIn() {
        return telemetry.bytesIn();
    }

    @Override
    public long getLastAuthenticatedAgeMillis() {
        long lastNs = telemetry.lastAuthenticatedNs();
        return lastNs == PeerTelemetry.NEVER ? -1 : Math.max(0, clock.nanoTime() - lastNs) / NS_PER_MS;
    }
}
