/**
 * Key update (PS-4): decides when the keys of a security association are to be replaced, and has it done: by a key exchange, which gives
 * the next epoch, or by the key service, which gives the next generation.
 */
package org.pairspan.protocol.keyupdate;
