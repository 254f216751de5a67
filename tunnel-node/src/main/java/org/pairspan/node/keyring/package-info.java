/**
 * The node's keys: asks the key service who owns an address and which key is shared with that member (KS-3), and hands
 * each security association to the data plane. Everything here runs on control threads; the data thread only leaves
 * demands in a bounded queue. Tunnels that run do not depend on anything in this package.
 */
package org.pairspan.node.keyring;
