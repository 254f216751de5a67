package org.pairspan.multijvm.swarm;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.session.OutboundAssociation;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * One member's UDP socket to the node, and the security association above it: the keys in use, and those of an exchange until the node
 * uses them. One thread.
 */
final class SecureLink {

    private static final int LONGEST = 2048;

    private final DatagramChannel channel;
    private final Association granted;
    private final Suite suite;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(LONGEST);
    private final UnsafeBuffer datagramBytes = new UnsafeBuffer(datagram);
    private final UnsafeBuffer plaintext = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST));
    private OutboundAssociation outbound;
    private InboundAssociation inbound;
    private OutboundAssociation nextOutbound;
    private InboundAssociation nextInbound;
    private int epoch;
    private long opened;
    private int dropped;

    /** Takes what arrives, opened. */
    interface Receiver {
        void onSegment(DirectBuffer segment, int length, long nowNs) throws IOException;

        void onControl(DirectBuffer message, int offset, int length, long nowNs) throws IOException;
    }

    /**
     * @param channel connected to the node's bearer, never waiting
     * @param id of the member
     * @param granted what the key service told it
     */
    SecureLink(DatagramChannel channel, String id, Association granted) {
        this.channel = channel;
        this.granted = granted;
        this.suite = Suite.ofWireNumber(granted.getSuite());
        final byte[] key = granted.getPairKey().toByteArray();
        install(0, KeySchedule.derive(suite, key, id, granted.getPeerId(), granted.getKeyVersion(), granted.getGeneration()),
            KeySchedule.derive(suite, key, granted.getPeerId(), id, granted.getKeyVersion(), granted.getGeneration()));
        promote();
    }

    /** Takes the keys of an exchange; they are used once the node has. */
    void install(int newEpoch, TrafficKeys out, TrafficKeys in) {
        final long nowNs = System.nanoTime();
        nextOutbound = new OutboundAssociation(Spi.of(granted.getOwnNumber(), granted.getGeneration(), newEpoch), suite, out, SaLifetime.DEFAULT, nowNs);
        nextInbound = new InboundAssociation(Spi.of(granted.getPeerNumber(), granted.getGeneration(), newEpoch), suite, in, SaLifetime.DEFAULT, nowNs);
    }

    /** Of the keys in use. */
    int epoch() {
        return epoch;
    }

    /** Datagrams that opened. */
    long opened() {
        return opened;
    }

    /** Datagrams that did not open. */
    int dropped() {
        return dropped;
    }

    void sendSegment(DirectBuffer segment, int length, long nowNs) throws IOException {
        send(EspTrailer.NEXT_HEADER_SEGMENT, segment, 0, length, nowNs);
    }

    void sendControl(DirectBuffer message, int offset, int length, long nowNs) throws IOException {
        send(EspTrailer.NEXT_HEADER_CONTROL, message, offset, length, nowNs);
    }

    private void send(int nextHeader, DirectBuffer payload, int offset, int length, long nowNs) throws IOException {
        final int protectedLength = outbound.protect(nextHeader, payload, offset, length, datagramBytes, 0, nowNs);
        if (protectedLength < 0) {
            throw new IOException("the association is exhausted");
        }
        try {
            channel.write(datagram.limit(protectedLength).position(0));
        } catch (PortUnreachableException e) {
            // Somebody's answer to an earlier datagram; whether the node is there shows by what comes back.
            dropped++;
        } finally {
            datagram.clear();
        }
    }

    /** Takes in all that waits. */
    void receive(Receiver receiver, long nowNs) throws IOException {
        int length = channel.read(datagram.clear());
        while (length > 0) {
            final InboundAssociation association = associationOf(length);
            final int result = association.open(datagramBytes, 0, length, plaintext, 0, nowNs);
            if (result < 0) {
                dropped++;
            } else {
                opened++;
                if (association == nextInbound) {
                    promote();
                }
                pass(receiver, result, nowNs);
            }
            length = channel.read(datagram.clear());
        }
        datagram.clear();
    }

    private void pass(Receiver receiver, int length, long nowNs) throws IOException {
        if (inbound.nextHeader() == EspTrailer.NEXT_HEADER_SEGMENT) {
            receiver.onSegment(plaintext, length, nowNs);
        } else if (inbound.nextHeader() == EspTrailer.NEXT_HEADER_CONTROL && length > 0) {
            receiver.onControl(plaintext, 0, length, nowNs);
        }
    }

    private InboundAssociation associationOf(int length) {
        final boolean next = nextInbound != null && InboundAssociation.peekSpi(datagramBytes, 0, length) == nextInbound.spi();
        return next ? nextInbound : inbound;
    }

    private void promote() {
        outbound = nextOutbound;
        inbound = nextInbound;
        epoch = Spi.epoch(inbound.spi());
        nextOutbound = null;
        nextInbound = null;
    }

    /** Where a sender may put its message together. */
    static MutableDirectBuffer newBuffer() {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST));
    }
}
