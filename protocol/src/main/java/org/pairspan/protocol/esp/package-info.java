/**
 * ESP as RFC 4303 has it (PS-3), with 64-bit extended sequence numbers: header, trailer, and the receiver's inference of the
 * number's upper half.
 */
package org.pairspan.protocol.esp;
