/**
 * Addresses and prefixes of IPv4 and IPv6 as plain values. Only literals are parsed: nothing here ever asks a name server.
 */
package org.pairspan.protocol.address;
