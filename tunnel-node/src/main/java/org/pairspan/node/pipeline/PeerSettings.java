package org.pairspan.node.pipeline;

import org.pairspan.protocol.padding.PaddingSettings;

/**
 * How the data plane deals with one peer.
 *
 * @param strict  whether no payload flows before a key exchange.
 * @param padding of what is sent.
 */
public record PeerSettings(boolean strict, PaddingSettings padding) {
}
