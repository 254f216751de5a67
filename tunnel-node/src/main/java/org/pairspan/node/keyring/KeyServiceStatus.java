package org.pairspan.node.keyring;

import java.net.InetSocketAddress;

/**
 * How the link to the key service fares.
 *
 * @param connected    whether a server serves this node.
 * @param server       in use or tried last.
 * @param memberNumber ours, or 0 before the first registration.
 * @param trouble      why there is no server, or empty.
 */
public record KeyServiceStatus(boolean connected, InetSocketAddress server, int memberNumber, String trouble) {
}
