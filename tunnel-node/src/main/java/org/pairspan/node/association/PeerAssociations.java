package org.pairspan.node.association;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.posix.SocketName;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.wire.Counter;

/**
 * The security associations shared with one peer, and what of them is in use.
 *
 * <p>A generation, or a later epoch of it, that comes while another is in use is a <em>candidate</em>: its packets are opened at once, but
 * nothing is protected under it until the peer has shown, by a packet under the same keys, that it has them too. So new keys never break
 * a tunnel that works.
 */
public final class PeerAssociations implements KeyUpdate.Association {
    /** A peer's stream says something every tenth of a second: an address that was silent for so long is not the peer's any more. */
    private static final long SETTLED_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int SOURCE_NAME_ROOM = BitUtil.align(SocketName.LONGEST, Long.BYTES);

    private final int ownNumber;
    private final int peerNumber;
    private final String peerId;

    OutboundAssociation outbound;
    long outboundGeneration;
    int outboundEpoch;
    OutboundAssociation candidate;
    long candidateGeneration;
    int candidateEpoch;
    int keyVersion;
    Suite suite;
    /** What opens packets of this peer, oldest first. */
    final List<InboundEntry> inbound = new ArrayList<>();
    private boolean exchangeRequired;

    private final UnsafeBuffer sourceName = new UnsafeBuffer(ByteBuffer.allocateDirect(SOURCE_NAME_ROOM));
    private int sourceNameLength;
    private InetSocketAddress source;
    private long sourceSinceNs;

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

    /** What is in use, for observers. */
    public record AssociationState(int keyVersion, long generation, int epoch, Suite suite) {
    }

    /** This node's member number, the Aeron stream id of what it sends. */
    public int ownNumber() {
        return ownNumber;
    }

    /** The peer's member number, the Aeron stream id of what it sends. */
    public int peerNumber() {
        return peerNumber;
    }

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

    /**
     * The source of an authentic datagram as an object, made anew only when the peer's address has changed.
     *
     * @param name   holding the kernel's {@link SocketName}.
     * @param offset where it begins.
     * @param length its length in bytes.
     * @param nowNs  the time.
     * @return the address.
     */
    public InetSocketAddress source(DirectBuffer name, int offset, int length, long nowNs) {
        if (!sameSource(name, offset, length)) {
            sourceName.putBytes(0, name, offset, length);
            sourceNameLength = length;
            sourceSinceNs = nowNs;
            source = SocketName.get(name, offset, length);
        }
        return source;
    }

    /** Where the last authentic datagram came from; null before the first. */
    public InetSocketAddress source() {
        return source;
    }

    /**
     * Whether an answer to what came from this address goes to {@link #source()} instead. So it does, too, where the peer has only been
     * heard from another address for a while: something between us gave it a new one. While both are in use each gets its own answers.
     */
    public boolean isReachedAtSource(InetSocketAddress address, long nowNs) {
        return source != null && (address.equals(source) || nowNs - sourceSinceNs >= SETTLED_NS);
    }

    /** Address of the {@link SocketName} of {@link #source()}. */
    public long sourceNameAddress() {
        return sourceName.addressOffset();
    }

    /** Length of that name in bytes. */
    public int sourceNameLength() {
        return sourceNameLength;
    }

    private boolean sameSource(DirectBuffer name, int offset, int length) {
        if (length != sourceNameLength) {
            return false;
        }
        for (int i = 0; i < length; i += Integer.BYTES) {
            if (name.getInt(offset + i) != sourceName.getInt(i)) {
                return false;
            }
        }
        return true;
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

    void publish() {
        state = new AssociationState(keyVersion, outboundGeneration, outboundEpoch, suite);
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
