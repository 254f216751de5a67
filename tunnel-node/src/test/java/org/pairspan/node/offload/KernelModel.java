package org.pairspan.node.offload;

import static org.pairspan.node.offload.TransportPackets.completed;
import static org.pairspan.node.offload.TransportPackets.ipHeader;
import static org.pairspan.node.offload.TransportPackets.protocol;
import static org.pairspan.node.offload.TransportPackets.pseudoSum;
import static org.pairspan.node.offload.TransportPackets.sum;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.device.PacketVectors;
import org.pairspan.protocol.address.IpPrefix;

/**
 * A device that does with a frame what Linux does: holds it against its offload header, cuts it apart, completes checksums. Of what
 * it would have to cut it drops what has a wrong IPv4 header checksum, without a word.
 */
final class KernelModel implements PacketDevice {
    final List<byte[]> packets = new ArrayList<>();
    int frames;
    boolean refuses;

    @Override
    public boolean write(PacketVectors frame) {
        if (refuses) {
            return false;
        }
        byte[] octets = new byte[frame.length()];
        frame.copyTo(new UnsafeBuffer(octets), 0);
        return accept(octets);
    }

    @Override
    public boolean write(DirectBuffer buffer, int offset, int length) {
        byte[] octets = new byte[length];
        buffer.getBytes(offset, octets);
        return accept(octets);
    }

    private boolean accept(byte[] octets) {
        if (refuses) {
            return false;
        }
        frames++;
        ByteBuffer header = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
        int flags = header.get();
        int type = header.get() & 0x7F;
        boolean ecn = (octets[1] & OffloadHeader.TYPE_ECN) != 0;
        int headerLength = header.getShort() & 0xFFFF;
        int size = header.getShort() & 0xFFFF;
        int start = header.getShort() & 0xFFFF;
        int field = header.getShort() & 0xFFFF;
        byte[] packet = Arrays.copyOfRange(octets, OffloadHeader.LENGTH, octets.length);
        if (flags == 0) {
            check(type == 0 && headerLength == 0 && size == 0 && start == 0 && field == 0, "fields of a packet that lacks nothing");
            packets.add(packet);
            return true;
        }
        boolean tcp = protocol(packet) == 6;
        check(flags == 1 && start == ipHeader(packet) && field == (tcp ? 16 : 6), "checksum fields");
        check((ByteBuffer.wrap(packet).getShort(start + field) & 0xFFFF)
            == pseudoSum(packet, protocol(packet), packet.length - start), "sum of the pseudo-header");
        if (type == 0) {
            check(headerLength == packet.length && size == 0, "lengths of one packet");
            packets.add(completed(packet));
            return true;
        }
        boolean four = (packet[0] & 0xF0) == 0x40;
        check(type == (tcp ? four ? 1 : 4 : 5), "type");
        int headers = start + (tcp ? (packet[start + 12] & 0xF0) / 4 : 8);
        check(headerLength == headers && size > 0 && packet.length - headers > size && packet.length - headers <= 64 * size, "sizes");
        check(!tcp || ecn == ((packet[start + 13] & 0x80) != 0), "congestion mark");
        if (!four || sum(packet, 0, start) == 0xFFFF) {
            cut(packet, headers, size, tcp);
        }
        return true;
    }

    private void cut(byte[] packet, int headers, int size, boolean tcp) {
        int ip = ipHeader(packet);
        for (int at = headers, index = 0; at < packet.length; at += size, index++) {
            int length = Math.min(size, packet.length - at);
            ByteBuffer cut = ByteBuffer.wrap(Arrays.copyOf(packet, headers + length));
            System.arraycopy(packet, at, cut.array(), headers, length);
            if ((packet[0] & 0xF0) == 0x40) {
                cut.putShort(2, (short) (headers + length));
                cut.putShort(4, (short) (cut.getShort(4) + index));
                cut.putShort(10, (short) 0);
                cut.putShort(10, (short) ~sum(cut.array(), 0, ip));
            } else {
                cut.putShort(4, (short) (headers + length - 40));
            }
            if (tcp) {
                cut.putInt(ip + 4, cut.getInt(ip + 4) + index * size);
                int mask = (index == 0 ? 0xFF : 0x7F) & (at + size >= packet.length ? 0xFF : ~0x09);
                cut.put(ip + 13, (byte) (cut.get(ip + 13) & mask));
            } else {
                cut.putShort(ip + 4, (short) (8 + length));
            }
            cut.putShort(ip + (tcp ? 16 : 6), (short) pseudoSum(cut.array(), tcp ? 6 : 17, headers + length - ip));
            packets.add(completed(cut.array()));
        }
    }

    private static void check(boolean right, String what) {
        if (!right) {
            throw new AssertionError("the kernel would not take it: " + what);
        }
    }

    @Override
    public boolean takesUdpSegments() {
        return true;
    }

    @Override
    public int read(MutableDirectBuffer buffer, int offset, int capacity) {
        return 0;
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public String name() {
        return "model";
    }

    @Override
    public int mtu() {
        return LONGEST_PACKET;
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
        packets.clear();
    }
}
