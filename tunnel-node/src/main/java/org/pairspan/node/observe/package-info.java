/**
 * What an operator sees of a running node: one MXBean for the node and one for each peer, under {@code org.pairspan}. They read
 * counters that the data thread publishes and never touch its time; nothing secret is shown.
 */
package org.pairspan.node.observe;
