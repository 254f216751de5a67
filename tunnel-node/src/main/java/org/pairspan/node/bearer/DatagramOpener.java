package org.pairspan.node.bearer;

import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.pairspan.node.association.InboundEntry;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.transport.FragmentHeader;
import org.pairspan.protocol.transport.Reassembler;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * The first stretch of a packet's way in: a UDP datagram is held against its association (PS-12: form, SPI, SPA, replay, ESP), and its
 * fragment put in its place (PS-5). What fails is counted and forgotten; nothing is ever answered.
 */
final class DatagramOpener {
    /** Least time between two questions to the key service about an SPI nobody here knows: the SPI is not authenticated. */
    private static final long QUESTION_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long REASSEMBLY_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int REASSEMBLY_SLOTS = 16;
    private static final int LONGEST_DATAGRAM = FragmentHeader.MAX_TOTAL;

    private final SecurityAssociationDatabase associations;
    private final KeyDemand demand;
    private final DropCounters drops;
    private final Reassembler reassembler = new Reassembler(REASSEMBLY_SLOTS, LONGEST_DATAGRAM, REASSEMBLY_TIMEOUT_NS);
    private long nextQuestionNs;
    private boolean questionAsked;

    private PeerAssociations peer;
    private DirectBuffer buffer;
    private int offset;

    DatagramOpener(SecurityAssociationDatabase associations, KeyDemand demand, DropCounters drops) {
        this.associations = associations;
        this.demand = demand;
        this.drops = drops;
    }

    /**
     * Opens one UDP datagram.
     *
     * @param datagram holding it.
     * @param start    where it begins.
     * @param length   its length in bytes.
     * @param nowNs    the time.
     * @return the length of the Aeron datagram that is now whole, in {@link #buffer()} at {@link #offset()} until the next call; 0 when
     *         there is none.
     */
    int open(DirectBuffer datagram, int start, int length, long nowNs) {
        DropReason malformed = InboundAssociation.precheck(datagram, start, length);
        if (malformed != null) {
            return drop(malformed);
        }
        int spi = InboundAssociation.peekSpi(datagram, start, length);
        InboundEntry entry = associations.inbound(spi);
        if (entry == null) {
            askFor(spi, nowNs);
            return drop(DropReason.SPI_UNKNOWN);
        }
        InboundAssociation association = entry.association();
        int payloadLength = association.open(datagram, start, length, nowNs);
        if (payloadLength < 0) {
            drops.incrementByResult(payloadLength);
            return 0;
        }
        peer = entry.peer();
        associations.onAuthentic(entry, length, nowNs);
        boolean dummy = association.nextHeader() == EspTrailer.NEXT_HEADER_DUMMY;
        return dummy ? 0 : onFragment(spi, association, payloadLength, nowNs);
    }

    private int onFragment(int spi, InboundAssociation association, int payloadLength, long nowNs) {
        long header = association.fragmentHeader();
        if (FragmentHeader.total(header) == payloadLength) {
            buffer = association.payloadBuffer();
            offset = association.payloadOffset();
            return payloadLength;
        }
        int result = reassembler.onFragment(spi, header, association.payloadBuffer(), association.payloadOffset(),
                payloadLength, nowNs);
        if (result < 0) {
            drops.incrementByResult(result);
            return 0;
        }
        buffer = reassembler.buffer();
        offset = 0;
        return result;
    }

    /** Gives up datagrams whose missing fragments have not come in time. Call a few times a second. */
    void expire(long nowNs) {
        drops.add(DropReason.REASSEMBLY_TIMEOUT, reassembler.expire(nowNs));
    }

    private void askFor(int spi, long nowNs) {
        if (!questionAsked || nowNs - nextQuestionNs >= 0) {
            questionAsked = true;
            nextQuestionNs = nowNs + QUESTION_INTERVAL_NS;
            demand.peerNumbered(Spi.senderNumber(spi));
        }
    }

    private int drop(DropReason reason) {
        drops.increment(reason);
        return 0;
    }

    /** Whose datagram was opened last. */
    PeerAssociations peer() {
        return peer;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int offset() {
        return offset;
    }
}
