package org.pairspan.cli.lab.traffic;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.device.InMemoryDevice;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A host behind a node's device in memory: makes IPv4/UDP packets and hands those that arrive to who listens on their port. */
public final class MemoryHost implements AutoCloseable {

    private static final int IP_HEADER = 20;
    private static final int HEADERS = IP_HEADER + 8;
    private static final int TIME_TO_LIVE = 64;
    private static final byte UDP = 17;

    private final InMemoryDevice device;
    private final byte[] address;
    private final Map<Integer, Listener> listeners = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    /** Takes the payloads that arrive at one port; on the host's own thread. */
    @FunctionalInterface
    public interface Listener {
        /**
         * @param sender the sender's IPv4 address
         * @param senderPort its UDP port
         */
        void onDatagram(byte[] sender, int senderPort, DirectBuffer buffer, int offset, int length);
    }

    /** A host with this IPv4 address; it takes everything that comes out of the device. */
    public MemoryHost(InMemoryDevice device, byte[] address) {
        this.device = device;
        this.address = address.clone();
        this.thread = Thread.ofPlatform().daemon().name("host-" + device.name()).start(this::run);
    }

    /** The most bytes of payload one packet can carry. */
    public int largestPayload() {
        return device.mtu() - HEADERS;
    }

    /** Takes datagrams to this port from now on, on the thread of the host; another listener of the port is replaced. */
    public void listen(int port, Listener listener) {
        listeners.put(port, listener);
    }

    /** Sends one datagram; false when the device has no room for it now. */
    public boolean send(int ownPort, byte[] destination, int port, DirectBuffer payload, int length) {
        final UnsafeBuffer packet = new UnsafeBuffer(new byte[HEADERS + length]);
        packet.putByte(0, (byte) 0x45);
        packet.putShort(2, (short) (HEADERS + length), ByteOrder.BIG_ENDIAN);
        packet.putByte(8, (byte) TIME_TO_LIVE);
        packet.putByte(9, UDP);
        packet.putBytes(12, address);
        packet.putBytes(16, destination);
        packet.putShort(10, headerChecksum(packet), ByteOrder.BIG_ENDIAN);
        packet.putShort(IP_HEADER, (short) ownPort, ByteOrder.BIG_ENDIAN);
        packet.putShort(IP_HEADER + 2, (short) port, ByteOrder.BIG_ENDIAN);
        packet.putShort(IP_HEADER + 4, (short) (8 + length), ByteOrder.BIG_ENDIAN);
        packet.putBytes(HEADERS, payload, 0, length);
        return device.inject(packet, 0, HEADERS + length);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        final MutableDirectBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16));
        final IdleStrategy idle = new BackoffIdleStrategy();
        while (!closed) {
            final int length = device.take(packet, 0, packet.capacity());
            if (length >= HEADERS && packet.getByte(9) == UDP) {
                deliver(packet, length);
            }
            idle.idle(length);
        }
    }

    private void deliver(DirectBuffer packet, int length) {
        final Listener listener = listeners.get(packet.getShort(IP_HEADER + 2, ByteOrder.BIG_ENDIAN) & 0xFFFF);
        if (listener != null) {
            final byte[] sender = new byte[4];
            packet.getBytes(12, sender);
            listener.onDatagram(sender, packet.getShort(IP_HEADER, ByteOrder.BIG_ENDIAN) & 0xFFFF, packet, HEADERS, length - HEADERS);
        }
    }

    private static short headerChecksum(DirectBuffer packet) {
        int sum = 0;
        for (int at = 0; at < IP_HEADER; at += 2) {
            sum += packet.getShort(at, ByteOrder.BIG_ENDIAN) & 0xFFFF;
        }
        sum = (sum & 0xFFFF) + (sum >>> 16);
        return (short) ~(sum + (sum >>> 16));
    }
}
