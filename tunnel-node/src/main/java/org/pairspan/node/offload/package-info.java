/**
 * What a network card does for a kernel, done for the tunnel: TCP super-packets are cut into segments on their way out and gathered
 * again on their way in, checksums are completed, the MSS is kept to what the path takes, and who sends too much is told so.
 * Nothing here allocates per packet, keeps memory it was given beyond what it says, or trusts a length it did not check.
 */
package org.pairspan.node.offload;
