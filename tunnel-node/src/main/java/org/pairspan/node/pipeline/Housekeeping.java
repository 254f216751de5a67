package org.pairspan.node.pipeline;

import java.util.concurrent.TimeUnit;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.bearer.Bearer;
import org.pairspan.node.keyring.KeyDemand;

/** What only time makes due, a few times a second: keys and packets that end, worn associations, peers that have left. Data thread. */
final class Housekeeping {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RENEWAL_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final SecurityAssociationDatabase associations;
    private final PeerDirectory peers;
    private final Bearer bearer;
    private final KeyDemand demand;
    private final HoldQueue held;
    private final long holdTimeNs;
    private volatile int heldPackets;
    private long nextNs;

    /**
     * @param associations whose keys end.
     * @param peers        that are looked after.
     * @param bearer       by which candidates are shown to peers.
     * @param demand       told of worn associations and of peers that have left.
     * @param held         packets without a key.
     * @param holdTimeNs   how long packets may wait for a peer's stream.
     * @param nowNs        the time.
     */
    Housekeeping(SecurityAssociationDatabase associations, PeerDirectory peers, Bearer bearer, KeyDemand demand, HoldQueue held,
            long holdTimeNs, long nowNs) {
        this.associations = associations;
        this.peers = peers;
        this.bearer = bearer;
        this.demand = demand;
        this.held = held;
        this.holdTimeNs = holdTimeNs;
        this.nextNs = nowNs;
    }

    /** Does what is due. Call each turn. */
    void doWork(long nowNs) {
        if (nowNs - nextNs < 0) {
            return;
        }
        nextNs = nowNs + INTERVAL_NS;
        associations.expire(nowNs);
        heldPackets = held.size();
        for (PeerTunnel tunnel : peers.tunnels()) {
            keep(tunnel, nowNs);
        }
    }

    private void keep(PeerTunnel tunnel, long nowNs) {
        PeerAssociations peer = tunnel.associations();
        tunnel.keepHouse(holdTimeNs, nowNs);
        if (peer.candidate() != null) {
            bearer.probeCandidate(peer);
        }
        if (tunnel.renewalDue(nowNs, RENEWAL_INTERVAL_NS)) {
            demand.renew(peer.peerNumber(), peer.latestGeneration());
        }
        if (tunnel.leaveDue(tunnel.session().link(), nowNs)) {
            demand.left(peer.peerNumber(), peer.latestGeneration());
        }
    }

    /** Packets that waited for their key at the last look. Any thread. */
    int heldPackets() {
        return heldPackets;
    }
}
