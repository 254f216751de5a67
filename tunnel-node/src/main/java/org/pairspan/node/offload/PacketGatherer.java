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
    private final UnsafeBuffer header = new UnsafeBuffer(ByteBuffer.allocateDirect(OffloadHeader.LENGTH));
    private final PacketVectors alone = new PacketVectors(2);
    private long beginnings;
    private int open;

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
        boolean plain = key.set(buffer, offset, length);
        int headers = plain ? gatherableHeaders(buffer, offset, length, needsChecksum) : 0;
        int own = open == 0 ? -1 : plain ? indexOfFlow() : writeBetweenSameHosts();
        if (own >= 0) {
            if (headers > 0 && runs[own].append(buffer, offset, length, headers, needsChecksum)) {
                return;
            }
            write(own);
        }
        if (headers > 0) {
            begin(buffer, offset, length, headers, needsChecksum);
        } else {
            writeAlone(buffer, offset, length, needsChecksum, 0);
        }
    }

    /**
     * Takes a TCP super-packet, which goes to the device as it is, behind what was added of its flow before; its memory need not
     * stay.
     *
     * @param segmentSize octets of payload in each of its segments
     */
    public void addSuper(DirectBuffer buffer, int offset, int length, int segmentSize) {
        int own = key.set(buffer, offset, length) ? indexOfFlow() : writeBetweenSameHosts();
        if (own >= 0) {
            write(own);
        }
        writeAlone(buffer, offset, length, true, segmentSize);
    }

    /** Writes all that is held back; the memory of the packets is free afterwards. */
    public void flush() {
        for (int i = 0; open > 0; i++) {
            if (runs[i].pieces() > 0) {
                write(i);
            }
        }
    }

    /** Length of IP and transport header where the packet may be part of a run, otherwise 0. */
    private int gatherableHeaders(DirectBuffer packet, int offset, int length, boolean needsChecksum) {
        int transport = offset + key.ipHeader();
        if (key.protocol() == PlainTransport.TCP) {
            int headers = key.ipHeader() + PlainTransport.tcpHeaderLength(packet, transport);
            boolean data = (packet.getByte(transport + TCP_FLAGS) & (SYN | RST | ACK | URG)) == ACK;
            return data && length - headers >= SMALLEST_SEGMENT ? headers : 0;
        }
        int headers = key.ipHeader() + PlainTransport.UDP_HEADER_LENGTH;
        // A complete checksum of 0 is none; the kernel would give the pieces one.
        boolean whole = needsChecksum || Checksums.unsigned(packet, transport + Checksums.UDP_OFFSET) != 0;
        return gathersUdp && whole && length > headers ? headers : 0;
    }

    private int indexOfFlow() {
        for (int i = 0; i < FLOWS; i++) {
            if (runs[i].pieces() > 0 && runs[i].flow().isFlowOf(key)) {
                return i;
            }
        }
        return -1;
    }

    /** A fragment may belong to any flow between its two hosts: it overtakes none of them. Answers -1. */
    private int writeBetweenSameHosts() {
        for (int i = 0; i < FLOWS; i++) {
            if (runs[i].pieces() > 0 && runs[i].flow().hasAddressesOf(key)) {
                write(i);
            }
        }
        return -1;
    }

    private void begin(DirectBuffer packet, int offset, int length, int headers, boolean needsChecksum) {
        int free = 0;
        for (int i = 0; i < FLOWS; i++) {
            if (runs[i].pieces() == 0) {
                free = i;
                break;
            }
            if (begun[i] < begun[free]) {
                free = i;
            }
        }
        if (runs[free].pieces() > 0) {
            write(free);
        }
        begun[free] = beginnings++;
        open++;
        runs[free].start(key, packet, offset, length, headers, needsChecksum);
    }

    private void write(int index) {
        int pieces = runs[index].pieces();
        open--;
        if (!runs[index].write(device)) {
            drops.add(DropReason.DEVICE_REFUSED, pieces);
        }
    }

    private void writeAlone(DirectBuffer packet, int offset, int length, boolean needsChecksum, int segmentSize) {
        if (!OffloadHeader.derive(header, 0, packet, offset, length, needsChecksum, segmentSize)) {
            drops.increment(DropReason.OFFLOAD_HEADER);
            return;
        }
        alone.clear();
        alone.add(header, 0, OffloadHeader.LENGTH);
        alone.add(packet, offset, length);
        if (!device.write(alone)) {
            drops.increment(DropReason.DEVICE_REFUSED);
        }
    }
}
