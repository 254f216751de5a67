/**
 * The parts of a security association: its index, its keys, its lifetime, the sender's sequence numbers and the receiver's replay
 * window. Each part is alone; {@code session} puts them together.
 */
package org.pairspan.protocol.association;
