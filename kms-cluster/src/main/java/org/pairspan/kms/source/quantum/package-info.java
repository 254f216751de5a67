/**
 * The quantum key source: keys from a key management entity over ETSI GS QKD 014, of which this key server is an SAE. What the KME says is
 * believed only after it was checked; what does not pass is counted and never used.
 */
package org.pairspan.kms.source.quantum;
