/**
 * Alert (PS-9): tells the peer, inside the association, what went wrong with what it sent; never anything that a sender who holds no key,
 * or one who looks for holes, could learn from.
 */
package org.pairspan.protocol.alert;
