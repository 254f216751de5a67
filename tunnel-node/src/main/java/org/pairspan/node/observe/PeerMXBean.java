package org.pairspan.node.observe;

import java.util.List;

/** One peer of a node. Shows nothing secret. */
public interface PeerMXBean {
    String getId();

    int getNumber();

    /** What is behind the peer. */
    List<String> getPrefixes();

    /** Where the peer's UDP port is, {@code host:port}. */
    String getBearer();

    int getKeyVersion();

    long getGeneration();

    String getSuite();

    long getPacketsOut();

    long getBytesOut();

    long getPacketsIn();

    long getBytesIn();

    /** Age of the last datagram that authenticated, in milliseconds; -1 when there was none yet. */
    long getLastAuthenticatedAgeMillis();
}
