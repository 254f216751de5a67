package org.pairspan.node.device;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.pairspan.protocol.address.IpPrefix;

/**
 * A device that gives and takes whole IP packets, each behind its {@link OffloadHeader}. One thread reads and writes; another may
 * change routes.
 */
public interface PacketDevice extends AutoCloseable {
    /** The longest IP packet, offload header not counted, that a device gives: what the kernel gathers for one read is shorter. */
    int LONGEST_PACKET = 61_440;

    /** Room a read needs so that nothing is ever cut off. */
    int LONGEST_READ = OffloadHeader.LENGTH + LONGEST_PACKET;

    /**
     * Takes one packet without waiting.
     *
     * @param capacity octets of room at {@code offset}, at least {@link #LONGEST_READ}
     * @return length of offload header and packet, or 0 when none waits
     * @throws DeviceException when the device is gone for good
     */
    int read(MutableDirectBuffer buffer, int offset, int capacity);

    /**
     * Gives one packet, framed as {@link #read} has it, without waiting. The offload header of what came from a peer is
     * made anew from the packet itself.
     *
     * @return false when the device refused it: it is down, full, or did not like the packet
     * @throws DeviceException when the device is gone for good
     */
    boolean write(DirectBuffer buffer, int offset, int length);

    /**
     * As {@link #write(DirectBuffer, int, int)}, with the frame gathered from several stretches of memory and not copied before.
     *
     * @throws DeviceException when the device is gone for good
     */
    boolean write(PacketVectors frame);

    /** Whether {@link #write} takes many UDP datagrams as one frame ({@link OffloadHeader#TYPE_UDP_SEGMENTS}). */
    boolean takesUdpSegments();

    /**
     * The descriptor to poll(2) for packets to read, once {@link #read} has answered 0; or -1 when there is none and the device has
     * to be asked.
     */
    int descriptor();

    /** The interface's name. */
    String name();

    /** The longest packet, in octets, that may be given without segmentation offload. */
    int mtu();

    /**
     * Leads packets for {@code destination} to this device; nothing happens when it already does so.
     * May wait for another process: not for the data thread.
     *
     * @throws DeviceException when the system refuses, for instance because another device has that very route
     */
    void addRoute(IpPrefix destination);

    /** Takes back {@link #addRoute}; nothing happens when there is no such route. Not for the data thread. */
    void removeRoute(IpPrefix destination);

    /** Idempotent. The routes go with the device. */
    @Override
    void close();
}
