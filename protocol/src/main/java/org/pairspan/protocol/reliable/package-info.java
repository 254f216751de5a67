/**
 * Reliable data transport (PS-6): pieces are numbered, acknowledged, resent when lost and delivered in order exactly once, whatever
 * happens to the streams and datagrams below.
 */
package org.pairspan.protocol.reliable;
