/**
 * Puts the protocols together: SPA, ESP and segments for one direction of an association, and for one peer, in
 * {@link org.pairspan.protocol.session.PeerSession}, everything the two ends say to each other. The only package that knows them all.
 */
package org.pairspan.protocol.session;
