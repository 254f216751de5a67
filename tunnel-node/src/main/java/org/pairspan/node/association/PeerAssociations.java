package org.pairspan.node.association;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.wire.Counter;

/**
 * The security associations shared with one peer, and what of them is in use.
 *
 * <p>A generation, or a later epoch of it, that comes while another is in use is a <em>candidate</em>: its packets are opened at once, but
 * nothing is protected under it until the peer has shown, by a packet under the same keys, that it has them too. So new keys never break
 * a tunnel that works. A candidate that gives way to a newer one is <em>passed over</em>: it can still come into use so, until newer keys
 * are in use.
 */
public final class PeerAssociations implements KeyUpdate.Association {
    private final int ownNumber;
    private final int peerNumber;
    private final String peerId;

    OutboundAssociation outbound;
    long outboundGeneration;
    int outboundEpoch;
    OutboundAssociation candidate;
    long candidateGeneration;
    int candidateEpoch;
    long candidateSinceNs;
    /** Of all generations that came, in use or not. */
    long latestGeneration;
    /** Of the next version of the key; null where none is prepared. */
    PreparedAssociation prepared;
    int keyVersion;
    Suite suite;
    /** Of the newest epoch but 0. */
    KeyExchange keyExchange;
    /** What opens packets of this peer, oldest first. */
    final List<InboundEntry> inbound = new ArrayList<>();
    private boolean exchangeRequired;

    private final PeerAddress address = new PeerAddress();
    private long installations;
    /** The association installed last of those that the peer was heard under. */
    private long newestHeard;
    private long roundTripNs;
    private long smoothedRoundTripNs;

    private final Counter packetsIn = new Counter();
    private final Counter bytesIn = new Counter();
    private final Counter packetsOut = new Counter();
    private final Counter bytesOut = new Counter();
    private final Counter lastAuthenticNs = new Counter();
    private volatile AssociationState state;

    PeerAssociations(int ownNumber, int peerNumber, String peerId) {
        this.ownNumber = ownNumber;
        this.peerNumber = peerNumber;
        this.peerId = peerId;
    }

    /**
     * What is in use, for observers.
     *
     * @param keyExchange that gave the keys; null in epoch 0.
     */
    public record AssociationState(int keyVersion, long generation, int epoch, Suite suite, KeyExchange keyExchange) {
    }

    /** This node's member number, the Aeron stream id of what it sends. */
    public int ownNumber() {
        return ownNumber;
    }

    /** The peer's member number, the Aeron stream id of what it sends. */
    public int peerNumber() {
        return peerNumber;
    }

    /** The certified id of the peer. */
    public String peerId() {
        return peerId;
    }

    /** What protects packets to this peer now; null when nothing does. */
    public OutboundAssociation outbound() {
        return outbound;
    }

    /** What waits for the peer's first packet under it; null when nothing does. */
    public OutboundAssociation candidate() {
        return candidate;
    }

    /** The generation of {@link #outbound()}; 0 before the first. */
    public long outboundGeneration() {
        return outboundGeneration;
    }

    /** What was installed last: the candidate where there is one. */
    public OutboundAssociation newest() {
        return candidate != null ? candidate : outbound;
    }

    @Override
    public long newestGeneration() {
        return candidate != null ? candidateGeneration : outboundGeneration;
    }

    /** The newest generation that ever came, be it in use, a candidate or passed over: a successor must be above it. */
    public long latestGeneration() {
        return latestGeneration;
    }

    @Override
    public long generation() {
        return outboundGeneration;
    }

    @Override
    public int epoch() {
        return outboundEpoch;
    }

    @Override
    public int newestEpoch() {
        return candidate != null ? candidateEpoch : outboundEpoch;
    }

    @Override
    public boolean reached(SaLifetime limits, long nowNs) {
        return outbound != null && outbound.reached(limits, nowNs);
    }

    /** Whether payload may flow only under keys of an exchange ({@code strict}); handshake and control messages pass in any case. */
    public void requireExchange(boolean required) {
        exchangeRequired = required;
    }

    /** Whether payload may be protected by {@link #outbound()}. */
    public boolean payloadAllowed() {
        return allowsPayload(outboundEpoch);
    }

    boolean allowsPayload(int epoch) {
        return !exchangeRequired || epoch > Spi.BOOTSTRAP_EPOCH;
    }

    void onReceived(int bytes, long nowNs) {
        packetsIn.increment();
        bytesIn.add(bytes);
        lastAuthenticNs.set(nowNs);
    }

    /** Datagrams have been given to the network. */
    public void onSent(int datagrams, long bytes) {
        packetsOut.add(datagrams);
        bytesOut.add(bytes);
    }

    /** Where the peer is. */
    public PeerAddress address() {
        return address;
    }

    /** A number for an association that is installed now, greater than all before. */
    long nextInstallation() {
        return ++installations;
    }

    /**
     * An authentic datagram has come. Its source is where the peer is from now on, if it left the peer later than all before it: so a
     * datagram that was held back on the way moves nothing.
     *
     * @param entry  what opened it, a moment ago.
     * @param source holding the kernel's name of the address.
     * @param offset where that begins.
     * @param length its length in bytes.
     */
    public void heardFrom(InboundEntry entry, DirectBuffer source, int offset, int length) {
        if (entry.installation >= newestHeard && entry.association.highest()) {
            newestHeard = entry.installation;
            address.learn(source, offset, length);
        }
    }

    /** The shortest round trip to the peer of late, in nanoseconds: the path without queues; 0 while it is not known. */
    public long roundTripNs() {
        return roundTripNs;
    }

    /** The round trip to the peer as it is now, queues included, smoothed, in nanoseconds; 0 while it is not known. */
    public long smoothedRoundTripNs() {
        return smoothedRoundTripNs;
    }

    /**
     * The round trip to the peer was measured.
     *
     * @param shortestNs the shortest of late, in nanoseconds.
     * @param smoothedNs smoothed, in nanoseconds.
     */
    public void roundTrip(long shortestNs, long smoothedNs) {
        roundTripNs = shortestNs;
        smoothedRoundTripNs = smoothedNs;
    }

    void promoteCandidate() {
        if (outbound != null) {
            outbound.destroy();
        }
        outbound = candidate;
        outboundGeneration = candidateGeneration;
        outboundEpoch = candidateEpoch;
        candidate = null;
        publish();
    }

    /** Whether keys of an exchange are newer than those that are there, or than those in use where the peer takes no newer generation. */
    boolean wants(long generation, int epoch, long nowNs) {
        if (generation == newestGeneration()) {
            return epoch > newestEpoch();
        }
        return generation == outboundGeneration && epoch > outboundEpoch && nowNs - candidateSinceNs >= KeyUpdate.SUCCESSOR_PATIENCE_NS;
    }

    /** The peer uses what was passed over: so do we. The candidate stays where it is newer still. */
    void takeBack(InboundEntry entry) {
        if (candidate != null && !entry.isOlderThan(candidateGeneration, candidateEpoch)) {
            candidate.destroy();
            candidate = null;
        }
        outbound.destroy();
        outbound = entry.takeBack();
        outboundGeneration = entry.generation;
        outboundEpoch = entry.epoch;
        publish();
    }

    /** Nothing is protected any more. */
    void closeOutbound() {
        if (outbound != null) {
            outbound.destroy();
        }
        if (candidate != null) {
            candidate.destroy();
        }
        outbound = null;
        outboundGeneration = 0;
        outboundEpoch = 0;
        candidate = null;
        publish();
    }

    void publish() {
        state = new AssociationState(keyVersion, outboundGeneration, outboundEpoch, suite,
                outboundEpoch == Spi.BOOTSTRAP_EPOCH ? null : keyExchange);
    }

    /** What is in use. Any thread. */
    public AssociationState state() {
        return state;
    }

    /** Datagrams opened. */
    public Counter packetsIn() {
        return packetsIn;
    }

    /** Bytes of the datagrams opened. */
    public Counter bytesIn() {
        return bytesIn;
    }

    /** Datagrams sent. */
    public Counter packetsOut() {
        return packetsOut;
    }

    /** Bytes of the datagrams sent. */
    public Counter bytesOut() {
        return bytesOut;
    }

    /** When the last authentic datagram came, in the clock of the data thread; 0 before the first. */
    public Counter lastAuthenticNs() {
        return lastAuthenticNs;
    }

    @Override
    public String toString() {
        return "associations with " + peerId + " (number " + peerNumber + ", outbound generation " + outboundGeneration
                + ", epoch " + outboundEpoch + ')';
    }
}
