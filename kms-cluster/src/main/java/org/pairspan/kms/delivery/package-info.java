/**
 * Keys for others: the key service as key management entity of ETSI GS QKD 014. Keys that a master took wait here, sealed, for their
 * slaves; one persistent entity for each master hands each out once to each of them.
 */
package org.pairspan.kms.delivery;
