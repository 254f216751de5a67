/**
 * SPA, packet security authentication (PS-2): a short header in front of ESP with a cheap tag, so that whatever was not made with
 * a key of ours is dropped before any state is touched. It only filters; ESP behind it carries the security.
 */
package org.pairspan.protocol.spa;
