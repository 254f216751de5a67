/**
 * Keys are sealed before they reach the journal: authenticated encryption under a subkey of the master key for each
 * persistence id. The master key comes from a file or, by Argon2id, from a passphrase.
 */
package org.pairspan.kms.sealing;
