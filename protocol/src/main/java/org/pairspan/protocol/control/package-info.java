/**
 * Control messages between two peers: what the small protocols (RTT, heartbeat, alert, acknowledgement, handshake, key update, path MTU)
 * say to each other inside the security association. One message an ESP packet, next header 254; the first byte says whose it is.
 */
package org.pairspan.protocol.control;
