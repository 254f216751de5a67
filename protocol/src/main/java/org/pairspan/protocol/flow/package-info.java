/**
 * Flow control towards the network (PS-10): how much may be on the way to a peer at a time. Towards the receiver it is the window in
 * its acknowledgements. Nothing here knows messages; the reliable class asks and reports.
 */
package org.pairspan.protocol.flow;
