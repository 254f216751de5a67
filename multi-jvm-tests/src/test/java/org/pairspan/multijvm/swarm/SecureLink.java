package org.pairspan.multijvm.swarm;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
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
 * One member's UDP socket to the node, and the security associations above it. Those of the newest epoch that the node was heard under are
 * in use; all of the generation are opened, as long as a swarm lives, since what the node sends can be late. One thread.
 */
final class SecureLink {

    private static final int LONGEST = 2048;

    private final DatagramChannel channel;
    private final Association granted;
    private final Suite suite;
    private final ByteBuffer datagram = ByteBuffer.allocateDirect(LONGEST);
    private final UnsafeBuffer datagramBytes = new UnsafeBuffer(datagram);
    private final UnsafeBuffer plaintext = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST));
    private final Int2ObjectHashMap<Keys> byEpoch = new Int2ObjectHashMap<>();
    private Keys inUse;
    private int newestEpoch;
    private long opened;
    private int dropped;

    private record Keys(int epoch, OutboundAssociation outbound, InboundAssociation inbound) {
    }

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
        inUse = byEpoch.get(0);
    }

    /** Takes the keys of an exchange; they are used once the node has. */
    void install(int newEpoch, TrafficKeys out, TrafficKeys in) {
        final long nowNs = System.nanoTime();
        byEpoch.put(newEpoch, new Keys(newEpoch,
            new OutboundAssociation(Spi.of(granted.getOwnNumber(), granted.getGeneration(), newEpoch), suite, out, SaLifetime.DEFAULT, nowNs),
            new InboundAssociation(Spi.of(granted.getPeerNumber(), granted.getGeneration(), newEpoch), suite, in, SaLifetime.DEFAULT, nowNs)));
        newestEpoch = newEpoch;
    }

    /** Of the keys in use. */
    int epoch() {
        return inUse.epoch;
    }

    /** Of the keys that came last. */
    int newestEpoch() {
        return newestEpoch;
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
        final int protectedLength = inUse.outbound.protect(nextHeader, payload, offset, length, datagramBytes, 0, nowNs);
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
            final Keys keys = byEpoch.get(Spi.epoch(InboundAssociation.peekSpi(datagramBytes, 0, length)));
            final int result = keys == null ? -1 : keys.inbound.open(datagramBytes, 0, length, plaintext, 0, nowNs);
            if (result < 0) {
                dropped++;
            } else {
                opened++;
                inUse = keys.epoch > inUse.epoch ? keys : inUse;
                pass(receiver, keys.inbound.nextHeader(), result, nowNs);
            }
            length = channel.read(datagram.clear());
        }
        datagram.clear();
    }

    private void pass(Receiver receiver, int nextHeader, int length, long nowNs) throws IOException {
        if (nextHeader == EspTrailer.NEXT_HEADER_SEGMENT) {
            receiver.onSegment(plaintext, length, nowNs);
        } else if (nextHeader == EspTrailer.NEXT_HEADER_CONTROL && length > 0) {
            receiver.onControl(plaintext, 0, length, nowNs);
        }
    }

    /** Where a sender may put its message together. */
    static MutableDirectBuffer newBuffer() {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST));
    }
}
