/**
 * The audit log as a file that cannot be changed without being seen: JSON lines, each with the hash of the one before, and now and then a
 * checkpoint signed with the key server's own key. {@link org.pairspan.kms.audit.chain.ChainedAuditLog} writes it,
 * {@link org.pairspan.kms.audit.chain.LogVerifier} reads it anywhere. docs/protocol.md has the form byte by byte.
 */
package org.pairspan.kms.audit.chain;
