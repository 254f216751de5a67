/**
 * Cipher suites behind one port: authenticated encryption ({@link org.pairspan.protocol.crypto.AeadCipher}) and key derivation
 * ({@link org.pairspan.protocol.crypto.Hkdf}). Nothing outside this package names a cipher implementation.
 */
package org.pairspan.protocol.crypto;
