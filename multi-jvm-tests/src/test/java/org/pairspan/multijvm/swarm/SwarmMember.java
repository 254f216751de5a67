package org.pairspan.multijvm.swarm;

import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import org.agrona.DirectBuffer;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.padding.PaddedMessage;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;

/** One member: numbered UDP packets to a host behind the node, and a count of those that come back from its echo. One thread. */
final class SwarmMember implements SecureLink.Receiver {

    private static final int TYPE_OFFSET = HeaderFlyweight.TYPE_FIELD_OFFSET;

    private final SecureLink link;
    private final MemberSession session;
    private final OutgoingStream outgoing;
    private final IncomingStream incoming;
    private final EchoPacket packet;
    private int sent;
    private int answered;

    SwarmMember(String id, byte[] address, byte[] target, int port, int payload, DatagramChannel channel, Association granted) {
        this.link = new SecureLink(channel, id, granted);
        this.session = new MemberSession(link, id, granted);
        this.outgoing = new OutgoingStream(link, 1000 + granted.getOwnNumber(), granted.getOwnNumber());
        this.packet = new EchoPacket(address, target, port, payload);
        this.incoming = new IncomingStream(link, granted.getOwnNumber(), this::onPacket);
    }

    int sent() {
        return sent;
    }

    int answered() {
        return answered;
    }

    int dropped() {
        return link.dropped();
    }

    void send(long nowNs) throws IOException {
        packet.number(sent);
        if (outgoing.send(packet.bytes(), packet.length(), nowNs)) {
            sent++;
        }
    }

    void receive(long nowNs) throws IOException {
        link.receive(this, nowNs);
    }

    void doWork(long nowNs) throws IOException {
        outgoing.doWork(nowNs);
        incoming.doWork(nowNs);
        session.doWork(nowNs);
    }

    @Override
    public void onSegment(DirectBuffer segment, int length, long nowNs) throws IOException {
        incoming.onSegment(segment, length, nowNs);
    }

    @Override
    public void onControl(DirectBuffer message, int offset, int length, long nowNs) throws IOException {
        if (message.getByte(offset) == ControlType.TRANSPORT.code()) {
            onTransport(message, offset + 1, length - 1, nowNs);
        } else if (message.getByte(offset) == ControlType.PADDED.code()) {
            final int inner = PaddedMessage.innerLength(message, offset, length);
            if (inner != PaddedMessage.MALFORMED) {
                onControl(message, offset + PaddedMessage.HEADER_LENGTH, inner, nowNs);
            }
        } else {
            session.onControl(message, offset, length, nowNs);
        }
    }

    @Override
    public String toString() {
        return "epoch " + link.epoch() + ", " + sent + " sent, " + answered + " answered; to the node " + outgoing + "; from the node " + incoming;
    }

    private void onTransport(DirectBuffer message, int frame, int frameLength, long nowNs) throws IOException {
        if (frameLength < DataHeaderFlyweight.HEADER_LENGTH) {
            return;
        }
        switch (message.getShort(frame + TYPE_OFFSET, ByteOrder.LITTLE_ENDIAN)) {
            case HeaderFlyweight.HDR_TYPE_SM -> {
                if (frameLength >= StatusMessageFlyweight.HEADER_LENGTH) {
                    outgoing.onStatus(message, frame, frameLength);
                }
            }
            case HeaderFlyweight.HDR_TYPE_SETUP -> {
                if (frameLength >= SetupFlyweight.HEADER_LENGTH) {
                    incoming.onSetup(message, frame, frameLength, nowNs);
                }
            }
            default -> incoming.onHeader(message, frame, frameLength, nowNs);
        }
    }

    private void onPacket(DirectBuffer buffer, int offset, int length) {
        if (packet.isAnswer(buffer, offset, length)) {
            answered++;
        }
    }
}
