/**
 * Which peer a packet belongs to: reads the addresses out of IPv4 and IPv6 headers and finds the longest prefix that holds them.
 * The data thread owns every table here. Look-ups allocate nothing; changes, which are rare, build the ranges anew.
 */
package org.pairspan.node.classify;
