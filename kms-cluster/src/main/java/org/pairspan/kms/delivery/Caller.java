package org.pairspan.kms.delivery;

import java.net.InetSocketAddress;

/**
 * Who asks.
 *
 * @param sae  the member's id, from the certificate of its connection
 * @param from its address
 */
record Caller(String sae, InetSocketAddress from) {
}
