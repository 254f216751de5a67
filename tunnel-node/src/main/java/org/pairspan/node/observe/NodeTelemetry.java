package org.pairspan.node.observe;

import java.util.List;
import org.pairspan.protocol.wire.DropReason;

/** What the data plane publishes about itself, readable by any thread without a lock; values may be a moment old. */
public interface NodeTelemetry extends TrafficTelemetry {
    /** Packets and datagrams dropped for this reason since start. */
    long drops(DropReason reason);

    /** Packets that wait for their key now. */
    int heldPackets();

    /** Bytes of memory that streams have taken or may still take, both ways, all peers. */
    long streamMemory();

    /** How often a stream, ours or a peer's, was not made for want of memory, since start. */
    long streamsRefused();

    /** Peers with an association now; a snapshot that never changes. */
    List<? extends PeerTelemetry> peers();
}
