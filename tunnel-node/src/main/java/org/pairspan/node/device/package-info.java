/**
 * Where a node takes its site's packets from and puts them back: a port, the TUN device of Linux behind it, and a device in memory
 * for tests and for machines that allow no TUN. Every packet stands behind its offload header, so that one read or write
 * moves up to 60 KiB of a TCP stream, or many datagrams of a flow. The data thread reads and writes; set-up and routes
 * belong to the control thread, because they start the {@code ip} command and wait for it.
 */
package org.pairspan.node.device;
