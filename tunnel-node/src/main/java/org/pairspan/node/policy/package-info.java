/**
 * The security policy database (RFC 4301 section 4.4.1; PS-14): which packets may pass between this site and a peer's, and how each of
 * them travels. {@link org.pairspan.node.policy.SecurityPolicy} holds the rules in their order,
 * {@link org.pairspan.node.policy.PeerPolicy} those of one peer, ready to be matched. What no rule protects is discarded.
 */
package org.pairspan.node.policy;
