package org.pairspan.benchmarks;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.device.PacketVectors;
import org.pairspan.protocol.address.IpPrefix;

/** A device that gives nothing and takes everything without looking at it, so that nothing but the steps before it is measured. */
public final class NullDevice implements PacketDevice {
    private long frames;
    private long octets;

    /** Frames taken so far. */
    public long frames() {
        return frames;
    }

    /** Octets taken so far, offload headers included. */
    public long octets() {
        return octets;
    }

    @Override
    public int read(MutableDirectBuffer buffer, int offset, int capacity) {
        return 0;
    }

    @Override
    public boolean write(DirectBuffer buffer, int offset, int length) {
        return take(length);
    }

    @Override
    public boolean write(PacketVectors frame) {
        return take(frame.length());
    }

    private boolean take(int length) {
        frames++;
        octets += length;
        return true;
    }

    @Override
    public boolean takesUdpSegments() {
        return true;
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public String name() {
        return "null";
    }

    @Override
    public int mtu() {
        return LONGEST_PACKET;
    }

    @Override
    public void addRoute(IpPrefix destination) {
        // There is nothing to route to.
    }

    @Override
    public void removeRoute(IpPrefix destination) {
        // There is nothing to route to.
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
