package org.pairspan.node.observe;

import java.util.List;
import org.pairspan.protocol.wire.DropReason;

/** What the data plane publishes about itself, readable by any thread without a lock; values may be a moment old. */
public interface NodeTelemetry extends TrafficTelemetry {
    /** Packets and datagrams dropped for this reason since start. */
    long drops(DropReason reason);

    /** Packets that wait for their key now. */
    int heldPackets();

    /** Peers with an association now; a snapshot that never changes. */
    List<? extends PeerTelemetry> peers();
}
