package org.pairspan.node.observe;

import java.net.InetSocketAddress;

/**
 * What does not change while a node runs.
 *
 * @param id               this member's identity.
 * @param device           its name.
 * @param bearer           where the UDP port is bound.
 * @param advertisedBearer where peers reach it.
 * @param keyExportWarning empty, or what operators must know about the export of keys.
 */
public record NodeDescription(String id, String device, InetSocketAddress bearer, InetSocketAddress advertisedBearer,
        String keyExportWarning) {
}
