package org.pairspan.node.bearer;

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
    /** The path that a label stands for; null where it is closed. */
    PeerPath path(InetSocketAddress label) {
        PeerPath path = paths.get(PeerLabel.peerNumber(label));
        return path != null && path.label.equals(label) ? path : null;
    }
}
