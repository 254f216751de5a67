/**
 * What every codec shares: why a packet can be dropped, and counters that any thread reads. Nothing here knows a particular protocol.
 */
package org.pairspan.protocol.wire;
