/**
 * What every codec shares: why a packet can be dropped, and the counters of it. Nothing here knows a particular protocol.
 */
package org.pairspan.protocol.wire;
