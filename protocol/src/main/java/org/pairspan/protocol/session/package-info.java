/**
 * Puts the protocols together for one peer and one direction: this is the only package that knows them all.
 */
package org.pairspan.protocol.session;
