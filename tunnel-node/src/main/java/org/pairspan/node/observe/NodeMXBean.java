package org.pairspan.node.observe;

import java.util.Map;

/** A running node. Shows nothing secret. */
public interface NodeMXBean {
    /** This member's identity. */
    String getId();

    /** The device that the site's traffic goes through. */
    String getDevice();

    /** Where the bearer is bound, {@code host:port}. */
    String getBearer();

    /** Where peers reach it. */
    String getAdvertisedBearer();

    /** Whether a key server serves this node now. Running tunnels do not depend on it. */
    boolean isKeyServiceConnected();

    /** The key server in use, or the one tried last. */
    String getKeyServer();

    /** Why there is no key server, or empty. */
    String getKeyServiceTrouble();

    /** This member's number, or 0 before the first registration. */
    int getMemberNumber();

    /** Since the start of the node. */
    long getUptimeSeconds();

    /** IP packets that left the device for peers, since the start of the node. */
    long getPacketsOut();

    /** Bytes of these packets, without anything that protects them. */
    long getBytesOut();

    /** IP packets of peers that were let through to the device, since the start of the node. */
    long getPacketsIn();

    /** Bytes of these packets, without anything that protected them. */
    long getBytesIn();

    /** Packets that wait for their key. */
    int getHeldPackets();

    /** Bytes of {@code bearer.directory} that streams to and from peers have taken or may still take. */
    long getStreamMemoryBytes();

    /** How often a stream, to or from a peer, was not made or not made longer for want of room there, since the start of the node. */
    long getStreamsRefused();

    /** Peers with a security association. */
    int getPeers();

    /** Drops since start by the name of the reason; only reasons that have happened. */
    Map<String, Long> getDrops();

    /** A warning when keys are being exported to a file, or empty. */
    String getKeyExportWarning();
}
