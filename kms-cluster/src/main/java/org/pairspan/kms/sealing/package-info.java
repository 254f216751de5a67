/**
 * Keys are sealed before they reach the journal: authenticated encryption under a subkey, for each persistence id, of one of the keys of the
 * sealing ring. The ring stands in the journal under a root key, and the root key under the master key, which a file, a passphrase, a
 * PKCS #11 token or shares give.
 */
package org.pairspan.kms.sealing;
