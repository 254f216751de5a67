/**
 * Where key material comes from: this server's own generator, a quantum key source, or both. What a key was made of goes with it.
 */
package org.pairspan.kms.source;
