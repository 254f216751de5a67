package org.pairspan.node.offload;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.node.classify.PlainTransport;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.device.PacketVectors;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * Gives packets to the device, and puts together what belongs together before (generic receive offload, GRO): consecutive TCP
 * segments of a connection become one super-packet, consecutive UDP datagrams of a flow one stretch where the device takes that.
 * The kernel then has one packet to lead through its tables instead of up to {@value GatheredRun#MOST_PIECES}.
 *
 * <p>The order within a flow never changes; that between flows may. Up to {@value #FLOWS} flows are open at a time; where another
 * comes, the one that was begun first is written. What the device refuses is counted ({@link DropReason#DEVICE_REFUSED}), and so is
 * a packet that cannot be what is said of it ({@link DropReason#OFFLOAD_HEADER}). One thread.
 */
public final class PacketGatherer {
    static final int FLOWS = 8;

    /** Less is not worth the kernel's while (TCP_MIN_GSO_SIZE). */
    private static final int SMALLEST_SEGMENT = 8;
    private static final int TCP_FLAGS = 13;
    private static final int SYN = 0x02;
    private static final int RST = 0x04;
    private static final int ACK = 0x10;
    private static final int URG = 0x20;

    private final PacketDevice device;
    private final DropCounters drops;
    private final boolean gathersUdp;
    private final GatheredRun[] runs = new GatheredRun[FLOWS];
    private final long[] begun = new long[FLOWS];
    private final FlowKey key = new FlowKey();
    /** All zero: the offload header of a packet that lacks nothing. */
    private final UnsafeBuffer noOffload = new UnsafeBuffer(ByteBuffer.allocateDirect(OffloadHeader.LENGTH));
    private final PacketVectors opaque = new PacketVectors(2);
    private long beginnings;
    private int open;

    /** @param drops counts what the device refuses. */
    public PacketGatherer(PacketDevice device, DropCounters drops) {
        this.device = device;
        this.drops = drops;
        this.gathersUdp = device.takesUdpSegments();
        for (int i = 0; i < FLOWS; i++) {
            runs[i] = new GatheredRun();
        }
    }

    /**
     * Takes a packet for the device.
     *
     * @param buffer direct memory that stays as it is until {@link #flush}; the buffer object itself may be used for something else
     * @param length of the IP packet at {@code offset}, which has passed {@link IpPacket#fault}; at most 65,535
     * @param needsChecksum whether its TCP or UDP checksum is incomplete ({@link Checksums})
     */
    public void add(DirectBuffer buffer, int offset, int length, boolean needsChecksum) {
        if (!key.set(buffer, offset, length)) {
            addOpaque(buffer, offset, length, needsChecksum);
            return;
        }
        int headers = headers(buffer, offset);
        boolean joins = mayJoin(buffer, offset, length, headers, needsChecksum);
        int own = indexOfFlow();
        if (own >= 0) {
            if (joins && runs[own].append(buffer, offset, length, headers, needsChecksum)) {
                return;
            }
            write(own);
        }
        int next = free();
        begin(next, buffer, offset, length, headers, length - headers, needsChecksum);
        if (!joins) {
            write(next);
        }
    }

    /**
     * Takes a TCP super-packet, whose checksum is incomplete. It goes to the device at once, behind what was added of its flow
     * before; its memory need not stay.
     *
     * @param segmentSize octets of payload in each of its segments
     */
    public void addSuper(DirectBuffer buffer, int offset, int length, int segmentSize) {
        if (!key.set(buffer, offset, length) || key.protocol() != PlainTransport.TCP || segmentSize < SMALLEST_SEGMENT
            || (buffer.getByte(offset + key.ipHeader() + TCP_FLAGS) & (SYN | RST | URG)) != 0) {
            drops.increment(DropReason.OFFLOAD_HEADER);
            return;
        }
        int own = indexOfFlow();
        if (own >= 0) {
            write(own);
        }
        int next = free();
        int headers = headers(buffer, offset);
        begin(next, buffer, offset, length, headers, Math.min(segmentSize, length - headers), true);
        write(next);
    }

    /** Writes all that is held back; the memory of the packets is free afterwards. */
    public void flush() {
        for (int i = 0; open > 0; i++) {
            if (runs[i].pieces() > 0) {
                write(i);
            }
        }
    }

    private int headers(DirectBuffer packet, int offset) {
        int ipHeader = key.ipHeader();
        return ipHeader + (key.protocol() == PlainTransport.TCP
            ? PlainTransport.tcpHeaderLength(packet, offset + ipHeader) : PlainTransport.UDP_HEADER_LENGTH);
    }

    /** Whether the packet may be part of a run, whose headers are written anew: those it has must be sound. */
    private boolean mayJoin(DirectBuffer packet, int offset, int length, int headers, boolean needsChecksum) {
        int transport = offset + key.ipHeader();
        if (IpPacket.isIpv4(packet, offset) && Checksums.sum(packet, offset, key.ipHeader()) != 0xFFFF) {
            return false;
        }
        if (key.protocol() == PlainTransport.TCP) {
            boolean data = (packet.getByte(transport + TCP_FLAGS) & (SYN | RST | ACK | URG)) == ACK;
            return data && length - headers >= SMALLEST_SEGMENT;
        }
        // A complete checksum of 0 is none; the kernel would give the pieces one.
        boolean whole = needsChecksum || Checksums.unsigned(packet, transport + Checksums.UDP_OFFSET) != 0;
        return gathersUdp && whole && length > headers;
    }

    private int indexOfFlow() {
        for (int i = 0; open > 0 && i < FLOWS; i++) {
            if (runs[i].pieces() > 0 && runs[i].flow().isFlowOf(key)) {
                return i;
            }
        }
        return -1;
    }

    /** The index of a run that is free; where none is, the one begun first is written. */
    private int free() {
        int oldest = 0;
        for (int i = 0; i < FLOWS; i++) {
            if (runs[i].pieces() == 0) {
                return i;
            }
            if (begun[i] < begun[oldest]) {
                oldest = i;
            }
        }
        write(oldest);
        return oldest;
    }

    private void begin(int index, DirectBuffer packet, int offset, int length, int headers, int size, boolean needsChecksum) {
        begun[index] = beginnings++;
        open++;
        runs[index].start(key, packet, offset, length, headers, size, needsChecksum);
    }

    private void write(int index) {
        int pieces = runs[index].pieces();
        open--;
        if (!runs[index].write(device)) {
            drops.add(DropReason.DEVICE_REFUSED, pieces);
        }
    }

    /** What is not plain TCP or UDP, fragments for instance, goes at once, and overtakes nothing between its two hosts. */
    private void addOpaque(DirectBuffer packet, int offset, int length, boolean needsChecksum) {
        if (needsChecksum) {
            drops.increment(DropReason.OFFLOAD_HEADER);
            return;
        }
        for (int i = 0; open > 0 && i < FLOWS; i++) {
            if (runs[i].pieces() > 0 && runs[i].flow().hasAddressesOf(key)) {
                write(i);
            }
        }
        opaque.clear();
        opaque.add(noOffload, 0, OffloadHeader.LENGTH);
        opaque.add(packet, offset, length);
        if (!device.write(opaque)) {
            drops.increment(DropReason.DEVICE_REFUSED);
        }
    }
}
