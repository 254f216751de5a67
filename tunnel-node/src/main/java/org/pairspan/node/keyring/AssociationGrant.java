package org.pairspan.node.keyring;

import java.net.InetSocketAddress;
import java.util.List;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.PreSharedKey;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;

/**
 * One generation of the security association with a peer, ready for use. Whoever receives it owns its keys.
 *
 * @param ownId        this member's identity.
 * @param ownNumber    this member's number, 1 to 1,048,575.
 * @param peerId       the peer's identity.
 * @param peerNumber   the peer's number, 1 to 1,048,575, never our own.
 * @param peerPrefixes what is behind the peer.
 * @param peerBearer   where the peer's UDP port is reached.
 * @param keyVersion   version of the pair key, from 1.
 * @param generation   from 1, never given twice for a pair.
 * @param suite        how packets are protected.
 * @param outboundKeys of packets from us to the peer.
 * @param inboundKeys  of packets from the peer to us.
 * @param handshakeKey by which the two know each other in key exchanges.
 * @param terms        what the policy of the key service asks.
 */
public record AssociationGrant(String ownId, int ownNumber, String peerId, int peerNumber, List<IpPrefix> peerPrefixes,
        InetSocketAddress peerBearer, int keyVersion, long generation, Suite suite, TrafficKeys outboundKeys,
        TrafficKeys inboundKeys, PreSharedKey handshakeKey, PeerTerms terms) {

    /** Takes the keys over as they are; only the list of prefixes is copied. */
    public AssociationGrant {
        peerPrefixes = List.copyOf(peerPrefixes);
    }

    /** One on which nothing is asked. */
    public AssociationGrant(String ownId, int ownNumber, String peerId, int peerNumber, List<IpPrefix> peerPrefixes,
            InetSocketAddress peerBearer, int keyVersion, long generation, Suite suite, TrafficKeys outboundKeys,
            TrafficKeys inboundKeys, PreSharedKey handshakeKey) {
        this(ownId, ownNumber, peerId, peerNumber, peerPrefixes, peerBearer, keyVersion, generation, suite, outboundKeys, inboundKeys,
                handshakeKey, PeerTerms.NONE);
    }

    /** Wipes the keys: nobody has taken them over. */
    public void destroy() {
        outboundKeys.destroy();
        inboundKeys.destroy();
        handshakeKey.destroy();
    }

    /** Everything but the keys. */
    @Override
    public String toString() {
        return "association with " + peerId + " (number " + peerNumber + ", bearer " + peerBearer + ", prefixes " + peerPrefixes
                + ", key version " + keyVersion + ", generation " + generation + ", " + suite + ')';
    }
}
