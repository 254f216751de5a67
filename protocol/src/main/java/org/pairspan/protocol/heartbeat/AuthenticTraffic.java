package org.pairspan.protocol.heartbeat;

/** What has come from the peer and passed every check of SPA and ESP: that counts as life, whatever it carries. */
@FunctionalInterface
public interface AuthenticTraffic {
    /** Authentic datagrams so far; only whether it has changed counts. */
    long datagrams();
}
