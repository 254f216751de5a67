/**
 * Traffic padding (PS-13): hides how long packets are, and when there are any, from whoever counts datagrams on the way (ISO 7498-2;
 * traffic flow confidentiality of RFC 4303 section 2.7).
 */
package org.pairspan.protocol.padding;
