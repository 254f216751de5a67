package org.pairspan.multijvm.swarm;

import io.aeron.protocol.DataHeaderFlyweight;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.SetupFlyweight;
import io.aeron.protocol.StatusMessageFlyweight;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.keyservice.Association;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;

/** One member: numbered UDP packets to a host behind the node, and a count of those that come back from its echo. One thread. */
final class SwarmMember implements SecureLink.Receiver {

    private static final int TYPE_OFFSET = HeaderFlyweight.TYPE_FIELD_OFFSET;
    private static final int HEARTBEAT_LENGTH = 8;
    private static final byte HEARTBEAT_REQUEST = 1;
    private static final byte HEARTBEAT_REPLY = 2;

    private final SecureLink link;
    private final OutgoingStream outgoing;
    private final IncomingStream incoming;
    private final EchoPacket packet;
    private final UnsafeBuffer reply = new UnsafeBuffer(new byte[HEARTBEAT_LENGTH]);
    private int sent;
    private int answered;

    SwarmMember(String id, byte[] address, byte[] target, int port, int payload, DatagramChannel channel, Association granted) {
        this.link = new SecureLink(channel, id, granted);
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
    }

    @Override
    public void onSegment(DirectBuffer segment, int length, long nowNs) {
        try {
            incoming.onSegment(segment, length, nowNs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onControl(DirectBuffer message, int length, long nowNs) {
        try {
            if (message.getByte(0) == ControlType.TRANSPORT.code()) {
                onTransport(message, length, nowNs);
            } else if (message.getByte(0) == ControlType.HEARTBEAT.code() && length >= HEARTBEAT_LENGTH && message.getByte(1) == HEARTBEAT_REQUEST) {
                reply.putBytes(0, message, 0, HEARTBEAT_LENGTH);
                reply.putByte(1, HEARTBEAT_REPLY);
                reply.putByte(2, (byte) 1);
                link.sendControl(reply, 0, HEARTBEAT_LENGTH, nowNs);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return sent + " sent, " + answered + " answered; to the node " + outgoing + "; from the node " + incoming;
    }

    private void onTransport(DirectBuffer message, int length, long nowNs) throws IOException {
        final int frameLength = length - 1;
        if (frameLength < DataHeaderFlyweight.HEADER_LENGTH) {
            return;
        }
        switch (message.getShort(1 + TYPE_OFFSET, ByteOrder.LITTLE_ENDIAN)) {
            case HeaderFlyweight.HDR_TYPE_SM -> {
                if (frameLength >= StatusMessageFlyweight.HEADER_LENGTH) {
                    outgoing.onStatus(message, 1, frameLength);
                }
            }
            case HeaderFlyweight.HDR_TYPE_SETUP -> {
                if (frameLength >= SetupFlyweight.HEADER_LENGTH) {
                    incoming.onSetup(message, 1, frameLength, nowNs);
                }
            }
            default -> incoming.onHeader(message, 1, frameLength, nowNs);
        }
    }

    private void onPacket(DirectBuffer buffer, int offset, int length) {
        if (packet.isAnswer(buffer, offset, length)) {
            answered++;
        }
    }
}
