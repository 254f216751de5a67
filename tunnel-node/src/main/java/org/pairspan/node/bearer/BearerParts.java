package org.pairspan.node.bearer;

import io.aeron.logbuffer.LogBufferDescriptor;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.NanoClock;
import org.pairspan.protocol.wire.DropCounters;

/**
 * What the endpoints of one node share; all of it belongs to the data thread.
 *
 * @param settings    of the bearer.
 * @param sender      of datagrams.
 * @param receiver    of datagrams.
 * @param paths       to peers, by their member numbers.
 * @param descriptors to wait on.
 * @param silent      a channel that is bound to nothing.
 * @param clock       the data thread's.
 * @param drops       where what is lost is counted.
 */
record BearerParts(BearerSettings settings, DatagramSender sender, DatagramReceiver receiver, Int2ObjectHashMap<PeerPath> paths,
        DescriptorSet descriptors, DatagramChannel silent, NanoClock clock, DropCounters drops) {
    /** Streams get terms longer than need be only while there is room for so many of them. */
    private static final int ROOM = 16;

    /**
     * Whether the memory of streams has room for one with such terms. Streams take theirs as they use it, so much of what is free is promised to
     * others.
     */
    boolean hasRoom(int termLength) {
        return settings.directory().toFile().getUsableSpace() >= (long) ROOM * LogBufferDescriptor.PARTITION_COUNT * termLength;
    }

    /** The path that a label stands for; null where it is closed. */
    PeerPath path(InetSocketAddress label) {
        PeerPath path = paths.get(PeerLabel.peerNumber(label));
        return path != null && path.label.equals(label) ? path : null;
    }
}
