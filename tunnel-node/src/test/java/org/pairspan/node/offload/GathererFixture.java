package org.pairspan.node.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pairspan.node.offload.TransportPackets.ACK;
import static org.pairspan.node.offload.TransportPackets.direct;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.wire.DropCounters;

/** A gatherer in front of a model of the kernel, and a connection whose packets it is given. */
abstract class GathererFixture {
    final KernelModel kernel = new KernelModel();
    final DropCounters drops = new DropCounters();
    final PacketGatherer gatherer = new PacketGatherer(kernel, drops);
    /** The gatherer keeps addresses only. */
    final List<UnsafeBuffer> kept = new ArrayList<>();
    final TransportPackets.Flow flow = new TransportPackets.Flow();

    void segments(int count, int size) {
        for (int i = 0; i < count; i++) {
            add(data(ACK, size), true);
        }
        gatherer.flush();
    }

    byte[] data(int flags, int size) {
        byte[] packet = flow.tcp(flags, new byte[size]);
        flow.sequence += size;
        return packet;
    }

    void add(byte[] packet, boolean needsChecksum) {
        UnsafeBuffer buffer = direct(packet);
        kept.add(buffer);
        gatherer.add(buffer, 0, packet.length, needsChecksum);
    }

    void assertFrames(int frames, int packets) {
        gatherer.flush();
        assertEquals(frames, kernel.frames);
        assertEquals(packets, kernel.packets.size());
        for (byte[] packet : kernel.packets) {
            assertTrue(TransportPackets.protocol(packet) == 1 || TransportPackets.isRight(packet));
        }
        kernel.frames = 0;
        kernel.packets.clear();
    }
}
