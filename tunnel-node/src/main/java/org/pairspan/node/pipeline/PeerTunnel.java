package org.pairspan.node.pipeline;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.bearer.PeerStream;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.observe.PeerTelemetry;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.wire.Counter;

/** The tunnel to one peer: its associations, its streams, what lies behind it, and what went through. */
final class PeerTunnel implements PeerTelemetry {
    /** A stream that is being made, or whose peer starts anew at its address, stands within this time. */
    static final long SEARCH_AFTER_NS = TimeUnit.SECONDS.toNanos(10);
    static final long SEARCH_INTERVAL_NS = TimeUnit.SECONDS.toNanos(30);

    private final PeerAssociations associations;
    private final PeerStream stream;
    private volatile List<IpPrefix> prefixes;
    private volatile InetSocketAddress bearer;
    private final Counter packetsOut = new Counter();
    private final Counter bytesOut = new Counter();
    private final Counter packetsIn = new Counter();
    private final Counter bytesIn = new Counter();
    /** Since when the stream has taken nothing; 0 while it does. Data thread only. */
    private long congestedSinceNs;
    /** Whether packets have found the stream without a receiver since the last was sent. Data thread only. */
    private boolean disconnected;
    /** When the key service may be asked again where such a peer is. Data thread only. */
    private long nextSearchNs;
    /** When a successor may be asked for again. Data thread only. */
    private long nextRenewalNs;

    PeerTunnel(PeerAssociations associations, PeerStream stream, AssociationGrant grant, long nowNs) {
        this.associations = associations;
        this.stream = stream;
        this.prefixes = grant.peerPrefixes();
        this.bearer = grant.peerBearer();
        this.nextRenewalNs = nowNs;
    }

    PeerAssociations associations() {
        return associations;
    }

    PeerStream stream() {
        return stream;
    }

    /** Takes what a newer grant says of the peer: where it is and what lies behind it. */
    void update(AssociationGrant grant) {
        prefixes = grant.peerPrefixes();
        bearer = grant.peerBearer();
        stream.moveTo(bearer);
    }

    void onSent(int bytes) {
        packetsOut.increment();
        bytesOut.add(bytes);
        congestedSinceNs = 0;
        disconnected = false;
    }

    void onReceived(int bytes) {
        packetsIn.increment();
        bytesIn.add(bytes);
    }

    /**
     * The stream took nothing.
     *
     * @return for how long by now, in nanoseconds.
     */
    long onCongested(long nowNs) {
        if (congestedSinceNs == 0) {
            congestedSinceNs = nowNs;
        }
        return nowNs - congestedSinceNs;
    }

    /**
     * A packet found nobody at the other end of the stream.
     *
     * @return whether to ask the key service for a new association now, which tells where the peer is: it may have started anew
     *         somewhere else, and then nothing that is sent to its old address ever tells it of us.
     */
    boolean searchDue(long nowNs) {
        if (!disconnected) {
            disconnected = true;
            nextSearchNs = nowNs + SEARCH_AFTER_NS;
        }
        if (nowNs - nextSearchNs < 0) {
            return false;
        }
        nextSearchNs = nowNs + SEARCH_INTERVAL_NS;
        return true;
    }

    /**
     * Whether to ask for a successor of the newest association now; true at most once in the interval. A candidate wears too: where the
     * peer was out of reach for so long that both have expired, only a new one can bring the two together again.
     */
    boolean renewalDue(long nowNs, long intervalNs) {
        if (!associations.newest().softLimitReached(nowNs) || nowNs - nextRenewalNs < 0) {
            return false;
        }
        nextRenewalNs = nowNs + intervalNs;
        return true;
    }

    @Override
    public String id() {
        return associations.peerId();
    }

    @Override
    public int number() {
        return associations.peerNumber();
    }

    @Override
    public List<IpPrefix> prefixes() {
        return prefixes;
    }

    @Override
    public InetSocketAddress bearer() {
        return bearer;
    }

    @Override
    public int keyVersion() {
        return associations.state().keyVersion();
    }

    @Override
    public long generation() {
        return associations.state().generation();
    }

    @Override
    public Suite suite() {
        return associations.state().suite();
    }

    @Override
    public long lastAuthenticatedNs() {
        return associations.packetsIn().get() == 0 ? NEVER : associations.lastAuthenticNs().get();
    }

    @Override
    public long packetsOut() {
        return packetsOut.get();
    }

    @Override
    public long bytesOut() {
        return bytesOut.get();
    }

    @Override
    public long packetsIn() {
        return packetsIn.get();
    }

    @Override
    public long bytesIn() {
        return bytesIn.get();
    }
}
