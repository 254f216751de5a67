/**
 * The messages between a member and the key service, generated from {@code keyservice.proto}, and what both ends need to read them:
 * frames of bounded length and addresses that are checked. Everything here that reads refuses what is malformed with
 * {@link org.pairspan.protocol.keyservice.MalformedMessageException}.
 */
package org.pairspan.protocol.keyservice;
