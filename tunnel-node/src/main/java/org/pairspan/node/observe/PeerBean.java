package org.pairspan.node.observe;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.agrona.concurrent.NanoClock;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.heartbeat.LinkStatus;
import org.pairspan.runtime.config.HostPort;

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

    @Override
    public int getEpoch() {
        return telemetry.epoch();
    }

    @Override
    public String getCipher() {
        return telemetry.suite().provider();
    }

    @Override
    public String getKeyExchange() {
        return telemetry.keyExchange();
    }

    @Override
    public String getKeyUpdate() {
        return telemetry.session().keyUpdate().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String getLink() {
        return link().state().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String getLinkReason() {
        return link().reason().text();
    }

    @Override
    public long getLinkSeconds() {
        return Math.max(0, TimeUnit.NANOSECONDS.toSeconds(clock.nanoTime() - link().sinceNs()));
    }

    @Override
    public long getTimesDown() {
        return telemetry.session().timesDown();
    }

    @Override
    public long getRoundTripNanos() {
        return telemetry.session().smoothedRttNs();
    }

    @Override
    public long getRoundTripVariationNanos() {
        return telemetry.session().rttVariationNs();
    }

    @Override
    public long getRoundTripMinimumNanos() {
        return telemetry.session().minimumRttNs();
    }

    @Override
    public int getPathMtu() {
        return telemetry.session().pathMtu();
    }

    @Override
    public long getReliablePacketsOut() {
        return telemetry.reliable().packetsOut();
    }

    @Override
    public long getReliableBytesOut() {
        return telemetry.reliable().bytesOut();
    }

    @Override
    public long getReliablePacketsIn() {
        return telemetry.reliable().packetsIn();
    }

    @Override
    public long getReliableBytesIn() {
        return telemetry.reliable().bytesIn();
    }

    @Override
    public long getRetransmissions() {
        return telemetry.session().reliableSent().resent();
    }

    @Override
    public long getCongestionWindow() {
        return telemetry.session().congestion().window();
    }

    @Override
    public long getCongestionWindowCuts() {
        return telemetry.session().congestion().reductions();
    }

    @Override
    public long getQueueDrains() {
        return telemetry.session().congestion().drains();
    }

    @Override
    public long getLongerPaths() {
        return telemetry.session().congestion().longerPaths();
    }

    @Override
    public long getPaddingBytes() {
        return telemetry.session().paddingBytes();
    }

    @Override
    public long getDummyPackets() {
        return telemetry.session().dummies();
    }

    @Override
    public Map<String, Long> getAlertsSent() {
        return counts(telemetry.session()::alertsSent);
    }

    @Override
    public Map<String, Long> getAlertsReceived() {
        return counts(telemetry.session()::alertsReceived);
    }

    private LinkStatus link() {
        return telemetry.session().link();
    }

    private static Map<String, Long> counts(ToLongFunction<AlertCode> counter) {
        Map<String, Long> counts = new TreeMap<>();
        for (AlertCode code : AlertCode.values()) {
            long count = counter.applyAsLong(code);
            if (count != 0) {
                counts.put(code.text(), count);
            }
        }
        return counts;
    }
}
