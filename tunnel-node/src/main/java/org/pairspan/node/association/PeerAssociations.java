package org.pairspan.node.association;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.posix.SocketName;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.wire.Counter;

/**
 * The security associations shared with one peer, and what of them is in use.
 *
 * <p>A generation that comes while another is in use is a <em>candidate</em>: its packets are opened at once, but nothing is protected
 * under it until the peer has shown, by a packet of the same generation, that it has it too. So a new generation never breaks a tunnel
 * that works.
 */
public final class PeerAssociations {
    /** A peer's stream says something every tenth of a second: an address that was silent for so long is not the peer's any more. */
    private static final long SETTLED_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int SOURCE_NAME_ROOM = BitUtil.align(SocketName.LONGEST, Long.BYTES);

    private final int ownNumber;
    private final int peerNumber;
    private final String peerId;

    OutboundAssociation outbound;
    long outboundGeneration;
    OutboundAssociation candidate;
    long candidateGeneration;
    int keyVersion;
    Suite suite;

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
    public record AssociationState(int keyVersion, long generation, Suite suite) {
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

    public long newestGeneration() {
        return candidate != null ? candidateGeneration : outboundGeneration;
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
        candidate = null;
        publish();
    }

    void publish() {
        state = new AssociationState(keyVersion, outboundGeneration, suite);
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
        return "associations with " + peerId + " (number " + peerNumber + ", outbound generation " + outboundGeneration + ')';
    }
}
