package org.pairspan.node.observe;

import java.util.List;
import java.util.Map;

/** One peer of a node. Shows nothing secret. */
public interface PeerMXBean {
    /** The certified id of the peer. */
    String getId();

    /** The member number of the peer, 1 to 1,048,575. */
    int getNumber();

    /** What is behind the peer. */
    List<String> getPrefixes();

    /** Where the peer's UDP port is, {@code host:port}. */
    String getBearer();

    /** The version of the pair key that the associations come from, from 1. */
    int getKeyVersion();

    /** The generation that protects what we send, from 1; it grows with every new association, whatever its key version. */
    long getGeneration();

    /** Which keys of the generation protect what we send: 0 those it began with, from 1 those of a key exchange. */
    int getEpoch();

    /** The suite in use, as the configuration spells it. */
    String getSuite();

    /** Who computes the suite's cipher: libgcrypt, JDK or Bouncy Castle. */
    String getCipher();

    /** The key exchange that gave the keys, or empty while there was none: then nothing is forward secret. */
    String getKeyExchange();

    /** Whether the keys are being replaced: settled, waiting, exchanging, requesting or renewing. */
    String getKeyUpdate();

    /** Whether the peer can be reached: unknown, up, suspect or down. */
    String getLink();

    /** What the link was last judged by, in words. */
    String getLinkReason();

    /** For how long the link has been so. */
    long getLinkSeconds();

    /** How often the link went down. */
    long getTimesDown();

    /** Round-trip time, smoothed; -1 while it is not known, like its variation and the shortest. */
    long getRoundTripNanos();

    long getRoundTripVariationNanos();

    long getRoundTripMinimumNanos();

    /** The largest IP packet that reaches the peer, in bytes; 0 while it is not known. */
    int getPathMtu();

    /** IP packets from the device for this peer, by either class. */
    long getPacketsOut();

    /** Bytes of these packets, without what protection adds. */
    long getBytesOut();

    /** IP packets of this peer given to the device, by either class. */
    long getPacketsIn();

    /** Bytes of these packets, without what protection added. */
    long getBytesIn();

    /** Age of the last datagram that authenticated, in milliseconds; -1 when there was none yet. */
    long getLastAuthenticatedAgeMillis();

    /** Of the packets out, those by the reliable class. */
    long getReliablePacketsOut();

    long getReliableBytesOut();

    /** Of the packets in, those by the reliable class. */
    long getReliablePacketsIn();

    long getReliableBytesIn();

    /** Pieces of packets that the reliable class has sent again. */
    long getRetransmissions();

    /** Pieces that the reliable class may have on the way to the peer; 0 while it has carried nothing. */
    long getCongestionWindow();

    /** How often that window was cut for congestion. */
    long getCongestionWindowCuts();

    /** How often the reliable class held back for a moment to see the round-trip time of the path without queues. */
    long getQueueDrains();

    /** How often it then found the path longer than before, so that what it had taken for a queue was none. */
    long getLongerPaths();

    /** Bytes sent that carry nothing, dummy packets included. */
    long getPaddingBytes();

    /** Packets sent that carry nothing. */
    long getDummyPackets();

    /** Alerts to the peer by name; only those that were sent. */
    Map<String, Long> getAlertsSent();

    /** Alerts of the peer by name; only those that came. */
    Map<String, Long> getAlertsReceived();
}
