/**
 * Security associations of a pair: one persistent entity for each pair hands out generations, so that none is ever given
 * to two incarnations of one member. That rule is what keeps a nonce from repeating under a key after a crash.
 */
package org.pairspan.kms.association;
