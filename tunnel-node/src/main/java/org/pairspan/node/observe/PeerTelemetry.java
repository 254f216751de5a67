package org.pairspan.node.observe;

import java.net.InetSocketAddress;
import java.util.List;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.session.SessionTelemetry;

/** What the data plane publishes about one peer, readable by any thread without a lock; values may be a moment old. */
public interface PeerTelemetry extends TrafficTelemetry {
    /** {@link #lastAuthenticatedNs()} while nothing authentic has come. */
    long NEVER = Long.MIN_VALUE;

    /** The certified id of the peer. */
    String id();

    /** The member number of the peer, 1 to 1,048,575. */
    int number();

    /** What is behind the peer. */
    List<IpPrefix> prefixes();

    /** Where the UDP port of the peer is. */
    InetSocketAddress bearer();

    /** The version of the pair key that these associations come from, from 1. */
    int keyVersion();

    /** The generation that protects what we send. */
    long generation();

    /** How packets to and from the peer are protected. */
    Suite suite();

    /** Which keys of the generation protect what we send: 0 those it began with, from 1 those of a key exchange. */
    int epoch();

    /** The key exchange that gave these keys, or empty with those that a generation begins with. */
    String keyExchange();

    /** What the protocols with the peer know now. */
    SessionTelemetry session();

    /** What of the traffic went by the reliable class. */
    TrafficTelemetry reliable();

    /** {@link System#nanoTime()} of the last datagram that authenticated, or {@link #NEVER}. */
    long lastAuthenticatedNs();
}
