/**
 * The thread of the key exchanges (PS-1). TLS takes milliseconds and allocates, so the data thread only copies handshake messages into a
 * bounded ring, and is told by its command queue what to send and which keys have come out.
 */
package org.pairspan.node.handshake;
