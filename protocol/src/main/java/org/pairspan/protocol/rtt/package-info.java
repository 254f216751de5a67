/**
 * Round-trip time measurement (PS-7): requests and replies inside the association, and what acknowledgements tell, made into smoothed
 * and smallest round-trip time and a retransmission timeout.
 */
package org.pairspan.protocol.rtt;
