package org.pairspan.node.bearer;

import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.NanoClock;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.protocol.wire.DropCounters;

/**
 * What the endpoints of one node share; all of it belongs to the data thread.
 *
 * @param settings     of the bearer.
 * @param associations by which datagrams are protected and opened.
 * @param sender       of segments.
 * @param opener       of datagrams.
 * @param feedback     where datagrams that answer our publications are received, one at a time.
 * @param descriptors  to wait on.
 * @param sendEndpoints by the peer's member number.
 * @param drops        where what is lost is counted.
 * @param clock        the data thread's.
 */
record BearerParts(BearerSettings settings, SecurityAssociationDatabase associations, SegmentSender sender,
        DatagramOpener opener, ReceiveBatch feedback, DescriptorSet descriptors,
        Int2ObjectHashMap<ProtectingSendEndpoint> sendEndpoints, DropCounters drops, NanoClock clock) {
}
