package org.pairspan.node.pipeline;

import java.net.InetSocketAddress;
import java.util.List;
import org.pairspan.node.association.Counter;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.bearer.PeerStream;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.observe.PeerTelemetry;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;

/** The tunnel to one peer: its associations, its streams, what lies behind it, and what went through. */
final class PeerTunnel implements PeerTelemetry {
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

    /** Whether to ask for a successor of the association now; true at most once in the interval. */
    boolean renewalDue(long nowNs, long intervalNs) {
        if (associations.candidate() != null || !associations.outbound().softLimitReached(nowNs)
                || nowNs - nextRenewalNs < 0) {
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
