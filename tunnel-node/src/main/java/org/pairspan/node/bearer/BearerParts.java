package org.pairspan.node.bearer;

import java.nio.channels.DatagramChannel;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.NanoClock;

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
 */
record BearerParts(BearerSettings settings, DatagramSender sender, DatagramReceiver receiver, Int2ObjectHashMap<PeerPath> paths,
        DescriptorSet descriptors, DatagramChannel silent, NanoClock clock) {
}
