/**
 * Packetisation layer path MTU discovery (RFC 8899): the largest packet that the path to the peer carries, found by probes inside the
 * association. No message of a router is needed or believed.
 */
package org.pairspan.protocol.pathmtu;
