package org.pairspan.node.bearer;

import static io.aeron.protocol.HeaderFlyweight.HDR_TYPE_SETUP;

import io.aeron.driver.DriverConductorProxy;
import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import org.agrona.MutableDirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.association.InboundEntry;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.padding.PaddedMessage;
import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * The first stretch of a packet's way in (PS-12), from the kernel to Aeron's buffers:
 *
 * <pre>
 * recvmmsg → form? → an association has the SPI? → SPA, replay, ESP → where is the peer now?
 *        segment         → frames checked and made again → runs of frames → Aeron's image
 *        control message → Aeron's own (setup, heartbeat, padding; status): checked → Aeron's image or publication
 *                          any other: the control handler
 *        dummy           → nothing
 * </pre>
 *
 * <p>What fails is counted and forgotten; nothing is ever answered. Data thread only.
 */
final class DatagramReceiver {
    /** Datagrams looked at in one duty cycle before the others have their turn. */
    private static final int MOST_DATAGRAMS = 512;
    private static final int SLOTS = 32;
    private static final int SLOT_LENGTH = 65_536;
    private static final int TRANSPORT_INDEX = 0;
    private static final int CLOSED = -1;

    private final SecurityAssociationDatabase associations;
    private final KeyDemand demand;
    private final Int2ObjectHashMap<PeerPath> paths;
    private final ControlHandler control;
    private final DropCounters drops;
    private final StreamMemory memory;
    private final QuestionGate questions = new QuestionGate();
    private final QuestionGate setupQuestions = new QuestionGate();
    private final ReceiveBatch batch = new ReceiveBatch(SLOTS, SLOT_LENGTH);
    private final ReceivedFrames framesOnHeap = new ReceivedFrames(true, this::onRun);
    private final ReceivedFrames framesOffHeap = new ReceivedFrames(false, this::onRun);
    private final DataHeaderFlyweight run = new DataHeaderFlyweight();
    private final UnsafeBuffer frame = new UnsafeBuffer(new byte[AeronFrame.LONGEST_HEADER]);
    private final DataHeaderFlyweight header = new DataHeaderFlyweight(frame);
    private final SetupFlyweight setup = new SetupFlyweight(frame);
    private final StatusMessageFlyweight status = new StatusMessageFlyweight(frame);
    private ProtectingReceiveEndpoint endpoint;
    private DriverConductorProxy conductor;
    private int descriptor = CLOSED;
    private boolean moreWaits;
    private long turnNs;

    DatagramReceiver(SecurityAssociationDatabase associations, KeyDemand demand, Int2ObjectHashMap<PeerPath> paths,
            ControlHandler control, DropCounters drops, StreamMemory memory) {
        this.associations = associations;
        this.demand = demand;
        this.paths = paths;
        this.control = control;
        this.drops = drops;
        this.memory = memory;
    }

    /** The UDP port is open, and frames of the peers' streams go to this endpoint. */
    void open(int socket, ProtectingReceiveEndpoint receiver) {
        descriptor = socket;
        endpoint = receiver;
    }

    /** The UDP port is closed; nothing comes any more. */
    void close() {
        descriptor = CLOSED;
    }

    /** What Aeron wants beside each status message; it comes before the first of them can. */
    void conductor(DriverConductorProxy proxy) {
        conductor = proxy;
    }

    /** A peer's streams are closed. */
    void forget(PeerPath path) {
        paths.remove(path.peer.peerNumber(), path);
        questions.forget(path.peer.peerNumber());
        setupQuestions.forget(path.peer.peerNumber());
    }

    /** Takes what waits at the UDP port, up to a limit: how many datagrams. */
    int receive(long nowNs) {
        if (descriptor == CLOSED) {
            return 0;
        }
        turnNs = nowNs;
        try {
            return receiveBatches(nowNs);
        } finally {
            // Whatever a datagram did: those before it wait for no other turn.
            flush();
        }
    }

    private int receiveBatches(long nowNs) {
        int received = 0;
        while (received < MOST_DATAGRAMS) {
            if (!batch.next()) {
                boolean drained = !moreWaits && received > 0;
                if (drained || !batch.receive(descriptor) || !batch.next()) {
                    break;
                }
                moreWaits = batch.isFull();
            }
            onDatagram(nowNs);
            received++;
        }
        return received;
    }

    private void flush() {
        framesOnHeap.flush();
        framesOffHeap.flush();
    }

    private void onDatagram(long nowNs) {
        int offset = batch.offset();
        int length = batch.length();
        DropReason malformed = InboundAssociation.precheck(batch.data(), offset, length);
        if (malformed != null) {
            drops.increment(malformed);
            return;
        }
        int spi = InboundAssociation.peekSpi(batch.data(), offset, length);
        InboundEntry entry = associations.inbound(spi);
        if (entry == null) {
            askFor(spi, nowNs);
            drops.increment(DropReason.SPI_UNKNOWN);
            return;
        }
        InboundAssociation association = entry.association();
        ReceivedFrames frames = association.prefersHeap() ? framesOnHeap : framesOffHeap;
        int payloadLength = association.open(batch.data(), offset, length, frames.buffer(), frames.plaintextOffset(), nowNs);
        if (payloadLength < 0) {
            drops.incrementByResult(payloadLength);
            return;
        }
        PeerAssociations peer = entry.peer();
        associations.onAuthentic(entry, length, nowNs);
        peer.heardFrom(entry, batch.source(), batch.sourceOffset(), batch.sourceLength());
        PeerPath path = paths.get(peer.peerNumber());
        if (association.nextHeader() == EspTrailer.NEXT_HEADER_SEGMENT) {
            if (!entry.payloadAllowed()) {
                drops.increment(DropReason.EXCHANGE_OUTSTANDING);
            } else if (path == null || !frames.onSegment(path, payloadLength)) {
                drops.increment(DropReason.SEGMENT_MALFORMED);
            }
        } else if (association.nextHeader() == EspTrailer.NEXT_HEADER_CONTROL) {
            onControl(peer, path, frames.buffer(), frames.plaintextOffset(), payloadLength, nowNs);
        }
    }

    private void askFor(int spi, long nowNs) {
        if (associations.isOfComingEpoch(spi)) {
            return;
        }
        int sender = Spi.senderNumber(spi);
        if (questions.admits(sender, associations.peer(sender) != null, nowNs)) {
            demand.peerNumbered(sender);
        }
    }

    private void onRun(PeerPath path, MutableDirectBuffer buffer, int offset, int length) {
        run.wrap(buffer, offset, length);
        if (isKnown(path, run.sessionId())) {
            endpoint.onDataPacket(run, run, length, path.label, TRANSPORT_INDEX);
        }
    }

    // Aeron asks for the setup of each session it does not know, and remembers that it did for a second: the peer could make up thousands.
    private boolean isKnown(PeerPath path, int sessionId) {
        if (path.terms.termLength(sessionId) != SessionTerms.UNKNOWN) {
            return true;
        }
        drops.increment(DropReason.SESSION_UNKNOWN);
        return setupQuestions.admits(path.peer.peerNumber(), true, turnNs);
    }

    private void onControl(PeerAssociations peer, PeerPath path, MutableDirectBuffer message, int offset, int length, long nowNs) {
        if (length == 0) {
            drops.increment(DropReason.CONTROL_MALFORMED);
        } else if (message.getByte(offset) == ControlType.PADDED.code()) {
            onPadded(peer, path, message, offset, length, nowNs);
        } else if (message.getByte(offset) != ControlType.TRANSPORT.code()) {
            control.onControl(peer, message, offset, length, nowNs);
        } else if (path == null || length - 1 > AeronFrame.LONGEST_HEADER) {
            drops.increment(DropReason.MALFORMED_FRAME);
        } else {
            frame.putBytes(0, message, offset + 1, length - 1);
            flush();
            onTransport(path, length - 1);
        }
    }

    private void onPadded(PeerAssociations peer, PeerPath path, MutableDirectBuffer message, int offset, int length, long nowNs) {
        int inner = PaddedMessage.innerLength(message, offset, length);
        if (inner == PaddedMessage.MALFORMED) {
            drops.increment(DropReason.CONTROL_MALFORMED);
        } else {
            onControl(peer, path, message, offset + PaddedMessage.HEADER_LENGTH, inner, nowNs);
        }
    }

    /** One of Aeron's frames without payload: from the peer's publication to our subscription, or the other way. */
    private void onTransport(PeerPath path, int length) {
        if (AeronFrame.streamFromSender(frame, 0, length) == path.peer.peerNumber()) {
            onStreamFrame(path, length);
        } else if (AeronFrame.streamFromReceiver(frame, 0, length) == path.peer.ownNumber()) {
            if (path.endpoint != null && conductor != null) {
                // Our stream has one receiver, the peer. Aeron remembers each id for seconds, so they are not the peer's to choose.
                status.receiverId(path.peer.peerNumber());
                if ((status.flags() & StatusMessageFlyweight.SEND_SETUP_FLAG) == 0) {
                    path.granted = status.receiverWindowLength();
                }
                path.endpoint.onStatusMessage(status, frame, length, path.label, conductor);
            }
        } else {
            drops.increment(DropReason.FOREIGN_STREAM);
        }
    }

    private void onStreamFrame(PeerPath path, int length) {
        int sessionId = AeronFrame.sessionId(frame, 0);
        if (AeronFrame.type(frame, 0) == HDR_TYPE_SETUP) {
            onSetup(path, sessionId, AeronFrame.setupTermLength(frame, 0), length);
        } else if (!AeronFrame.fitsTerm(frame, 0, path.terms.termLength(sessionId))) {
            drops.increment(DropReason.MALFORMED_FRAME);
        } else if (isKnown(path, sessionId)) {
            endpoint.onDataPacket(header, frame, length, path.label, TRANSPORT_INDEX);
        }
    }

    // Aeron answers a session too many with an exception, and any setup while a peer has as many as it may; and one that it could not make it
    // tries never again. So none of these gets that far.
    private void onSetup(PeerPath path, int sessionId, int termLength, int length) {
        boolean begins = !path.images.contains(sessionId);
        boolean full = path.images.size() >= Bearer.SESSIONS_OF_A_PEER;
        if (begins && full) {
            drops.increment(DropReason.SESSION_FLOOD);
        } else if (begins && !memory.hasRoom(termLength)) {
            drops.increment(DropReason.STREAM_MEMORY);
        } else if (!path.terms.accept(sessionId, termLength)) {
            drops.increment(DropReason.MALFORMED_FRAME);
        } else if (!full) {
            endpoint.onSetupMessage(setup, frame, length, path.label, TRANSPORT_INDEX);
        }
    }
}
