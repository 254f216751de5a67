package org.pairspan.node.observe;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.concurrent.NanoClock;
import org.pairspan.node.keyring.KeyServiceStatus;
import org.pairspan.protocol.wire.DropReason;
import org.pairspan.runtime.config.HostPort;

/** Shows the node. */
final class NodeBean implements NodeMXBean {
    private final NodeDescription node;
    private final NodeTelemetry telemetry;
    private final Supplier<KeyServiceStatus> keyService;
    private final NanoClock clock;
    private final long startedAtNs;

    NodeBean(NodeDescription node, NodeTelemetry telemetry, Supplier<KeyServiceStatus> keyService, NanoClock clock) {
        this.node = node;
        this.telemetry = telemetry;
        this.keyService = keyService;
        this.clock = clock;
        startedAtNs = clock.nanoTime();
    }

    @Override
    public String getId() {
        return node.id();
    }

    @Override
    public String getDevice() {
        return node.device();
    }

    @Override
    public String getBearer() {
        return HostPort.text(node.bearer());
    }

    @Override
    public String getAdvertisedBearer() {
        return HostPort.text(node.advertisedBearer());
    }

    @Override
    public boolean isKeyServiceConnected() {
        return keyService.get().connected();
    }

    @Override
    public String getKeyServer() {
        return HostPort.text(keyService.get().server());
    }

    @Override
    public String getKeyServiceTrouble() {
        return keyService.get().trouble();
    }

    @Override
    public int getMemberNumber() {
        return keyService.get().memberNumber();
    }

    @Override
    public long getUptimeSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(clock.nanoTime() - startedAtNs);
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
    public int getHeldPackets() {
        return telemetry.heldPackets();
    }

    @Override
    public long getStreamMemoryBytes() {
        return telemetry.streamMemory();
    }

    @Override
    public long getStreamsRefused() {
        return telemetry.streamsRefused();
    }

    @Override
    public int getPeers() {
        return telemetry.peers().size();
    }

    @Override
    public Map<String, Long> getDrops() {
        Map<String, Long> drops = new TreeMap<>();
        for (DropReason reason : DropReason.values()) {
            long count = telemetry.drops(reason);
            if (count != 0) {
                drops.put(reason.name(), count);
            }
        }
        return drops;
    }

    @Override
    public String getKeyExportWarning() {
        return node.keyExportWarning();
    }
}
