/**
 * A thousand members in one process, each with keys from the real key service and datagrams of its own at a real node. They speak the bearer's
 * datagrams, and as much of the transport as a stream each way needs; nothing of the node's own code carries their packets.
 */
package org.pairspan.multijvm.swarm;
