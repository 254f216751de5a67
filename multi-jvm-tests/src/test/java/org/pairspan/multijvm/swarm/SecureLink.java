package org.pairspan.multijvm.swarm;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.session.OutboundAssociation;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** One member's UDP socket to the node, and the security association above it. One thread. */
final class SecureLink {

    private static final int LONGEST = 2048;

    private final DatagramChannel channel;
    private final OutboundAssociation outbound;
    private final InboundAssociation inbound;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(LONGEST);
    private final UnsafeBuffer datagramBytes = new UnsafeBuffer(datagram);
    private final UnsafeBuffer plaintext = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST));
    private int dropped;

    /** Takes what arrives, opened. */
    interface Receiver {
        void onSegment(DirectBuffer segment, int length, long nowNs);

        void onControl(DirectBuffer message, int length, long nowNs);
    }

    /**
     * @param channel connected to the node's bearer, never waiting
     * @param id of the member
     * @param granted what the key service told it
     */
    SecureLink(DatagramChannel channel, String id, Association granted) {
        this.channel = channel;
        final Suite suite = Suite.ofWireNumber(granted.getSuite());
        final byte[] key = granted.getPairKey().toByteArray();
        final long nowNs = System.nanoTime();
        this.outbound = new OutboundAssociation(Spi.of(granted.getOwnNumber(), granted.getGeneration()), suite,
            KeySchedule.derive(suite, key, id, granted.getPeerId(), granted.getKeyVersion(), granted.getGeneration()), SaLifetime.DEFAULT, nowNs);
        this.inbound = new InboundAssociation(Spi.of(granted.getPeerNumber(), granted.getGeneration()), suite,
            KeySchedule.derive(suite, key, granted.getPeerId(), id, granted.getKeyVersion(), granted.getGeneration()), SaLifetime.DEFAULT, nowNs);
    }

    /** Datagrams that did not open. */
    int dropped() {
        return dropped;
    }

    boolean sendSegment(DirectBuffer segment, int length, long nowNs) throws IOException {
        return send(EspTrailer.NEXT_HEADER_SEGMENT, segment, 0, length, nowNs);
    }

    boolean sendControl(DirectBuffer message, int offset, int length, long nowNs) throws IOException {
        return send(EspTrailer.NEXT_HEADER_CONTROL, message, offset, length, nowNs);
    }

    private boolean send(int nextHeader, DirectBuffer payload, int offset, int length, long nowNs) throws IOException {
        final int protectedLength = outbound.protect(nextHeader, payload, offset, length, datagramBytes, 0, nowNs);
        if (protectedLength < 0) {
            throw new IOException("the association is exhausted");
        }
        try {
            return channel.write(datagram.limit(protectedLength).position(0)) > 0;
        } catch (PortUnreachableException e) {
            // Somebody's answer to an earlier datagram; whether the node is there shows by what comes back.
            return false;
        } finally {
            datagram.clear();
        }
    }

    /** Takes in all that waits. */
    void receive(Receiver receiver, long nowNs) throws IOException {
        int length = channel.read(datagram.clear());
        while (length > 0) {
            final int opened = inbound.open(datagramBytes, 0, length, plaintext, 0, nowNs);
            if (opened < 0) {
                dropped++;
            } else if (inbound.nextHeader() == EspTrailer.NEXT_HEADER_SEGMENT) {
                receiver.onSegment(plaintext, opened, nowNs);
            } else if (inbound.nextHeader() == EspTrailer.NEXT_HEADER_CONTROL && opened > 0) {
                receiver.onControl(plaintext, opened, nowNs);
            }
            length = channel.read(datagram.clear());
        }
        datagram.clear();
    }

    /** Where a sender may put its message together. */
    static MutableDirectBuffer newBuffer() {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST));
    }
}
