/**
 * The security association database of RFC 4301 section 4.4.2, as the data thread holds it: which peers there are, which association
 * protects what is sent to each, and which associations open what arrives.
 */
package org.pairspan.node.association;
