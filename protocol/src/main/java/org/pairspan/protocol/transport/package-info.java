/**
 * Data transport (PS-5): bearer datagrams larger than the path are cut before they are protected and put together after they are
 * opened, so that the network below never fragments. Nothing is acknowledged or resent here.
 */
package org.pairspan.protocol.transport;
