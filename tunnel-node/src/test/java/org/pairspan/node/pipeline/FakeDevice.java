package org.pairspan.node.pipeline;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.device.PacketVectors;
import org.pairspan.protocol.address.IpPrefix;

/** A device of a test: gives the frames it is given, offload header and all, and keeps or counts those written. */
final class FakeDevice implements PacketDevice {
    final Deque<byte[]> frames = new ArrayDeque<>();
    final List<byte[]> written = new ArrayList<>();
    /** A frame that is read again and again, this many times. */
    byte[] repeated;
    int repetitions;
    /** Whether written frames are only counted. */
    boolean forgetful;
    long writtenBytes;
    private final UnsafeBuffer scratch = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 17));

    /** A frame that lacks nothing. */
    void give(byte[] packet) {
        byte[] frame = new byte[OffloadHeader.LENGTH + packet.length];
        System.arraycopy(packet, 0, frame, OffloadHeader.LENGTH, packet.length);
        frames.add(frame);
    }

    @Override
    public int read(MutableDirectBuffer buffer, int offset, int capacity) {
        byte[] frame = frames.poll();
        if (frame == null && repetitions > 0) {
            repetitions--;
            frame = repeated;
        }
        if (frame == null) {
            return 0;
        }
        buffer.putBytes(offset, frame);
        return frame.length;
    }

    @Override
    public boolean write(DirectBuffer buffer, int offset, int length) {
        writtenBytes += length;
        if (!forgetful) {
            byte[] frame = new byte[length];
            buffer.getBytes(offset, frame);
            written.add(frame);
        }
        return true;
    }

    @Override
    public boolean write(PacketVectors frame) {
        frame.copyTo(scratch, 0);
        return write(scratch, 0, frame.length());
    }

    @Override
    public boolean takesUdpSegments() {
        return false;
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public int mtu() {
        return PacketDevice.LONGEST_PACKET;
    }

    @Override
    public void addRoute(IpPrefix destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void removeRoute(IpPrefix destination) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        frames.clear();
    }
}
