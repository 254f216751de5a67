package org.pairspan.kms.delivery;

/**
 * A slave SAE that may have a key.
 *
 * @param sae       its id
 * @param delivered whether it has had it
 * @param until     when its right to the key ends, ms since 1970: first the key's lifetime, then a redelivery
 */
public record Recipient(String sae, boolean delivered, long until) {
}
