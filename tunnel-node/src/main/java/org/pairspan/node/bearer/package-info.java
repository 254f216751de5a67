/**
 * The bearer: Aeron inside the security association, UDP below it. The two channel endpoints of the Aeron driver are replaced by ones
 * that cut every datagram Aeron sends into segments, protect each with SPA and ESP, and hand all of them to the kernel in one call; and
 * that let nothing reach Aeron which has not been opened by an association of the peer it claims to come from.
 *
 * <p>Everything here belongs to the node's one data thread.
 */
package org.pairspan.node.bearer;
