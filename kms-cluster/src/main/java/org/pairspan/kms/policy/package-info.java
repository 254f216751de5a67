/**
 * Decisions of the service that are neither storage nor transport: which suite a pair uses.
 */
package org.pairspan.kms.policy;
