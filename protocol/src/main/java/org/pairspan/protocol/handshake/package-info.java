/**
 * Authentication and key exchange (PS-1): TLS 1.3 (RFC 8446) between the two members of a pair, with a key of theirs as external PSK
 * and an ephemeral exchange. Its bytes travel as control messages inside the security association that the exchange is to replace; its
 * exporter gives the traffic keys of the next epoch. {@link org.pairspan.protocol.handshake.Handshake} is the way in.
 */
package org.pairspan.protocol.handshake;
