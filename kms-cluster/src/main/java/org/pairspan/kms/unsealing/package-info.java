/**
 * Whether a key server may work: its sealing ring is opened at the start, by itself or by operators, wiped at their word, and wrapped by
 * another master key while it works.
 */
package org.pairspan.kms.unsealing;
