package org.pairspan.node.offload;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pairspan.node.offload.TransportPackets.ACK;
import static org.pairspan.node.offload.TransportPackets.CWR;
import static org.pairspan.node.offload.TransportPackets.FIN;
import static org.pairspan.node.offload.TransportPackets.PSH;
import static org.pairspan.node.offload.TransportPackets.direct;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.wire.DropReason;

class PacketGathererTest extends GathererFixture {
    @Test
    void consecutiveSegmentsOfAConnectionAreOneFrame() {
        flow.tcpOptions = TransportPackets.hex("0101080a0000000100000002");
        segments(10, 1000);
        assertFrames(1, 10);
    }

    @Test
    void consecutiveDatagramsOfAFlowAreOneFrame() {
        flow.six();
        for (int i = 0; i < 10; i++) {
            add(flow.udp(new byte[36]), true);
        }
        add(flow.udp(new byte[35]), true);
        add(flow.udp(new byte[36]), true);
        assertFrames(2, 12);
    }

    @Test
    void aRunEndsAtSixtyFourPiecesAndAtTheLongestPacket() {
        segments(65, 100);
        assertFrames(2, 65);
        segments(8, 9000);
        assertFrames(2, 8);
    }

    @Test
    void aShorterSegmentAndPushEndARun() {
        add(data(ACK, 1000), true);
        add(data(ACK, 999), true);
        add(data(ACK, 999), true);
        assertFrames(2, 3);
        add(data(ACK, 1000), true);
        add(data(ACK | PSH, 1000), true);
        add(data(ACK, 1000), true);
        add(data(ACK | FIN | PSH, 1000), true);
        assertFrames(2, 4);
    }

    @Test
    void aLargerSegmentBeginsAnotherRun() {
        add(data(ACK, 500), true);
        add(data(ACK, 501), true);
        assertFrames(2, 2);
    }

    @Test
    void onlyTheFirstOfARunMayTellThatTheWindowWasReduced() {
        add(data(ACK | CWR, 1000), true);
        add(data(ACK, 1000), true);
        add(data(ACK | CWR, 1000), true);
        assertFrames(2, 3);
    }

    @Test
    void whatDiffersInTheHeadersIsNotPutTogether() {
        apart(() -> flow.sequence++);
        apart(() -> flow.acknowledgement++);
        apart(() -> flow.window++);
        apart(() -> flow.tos = 3);
        apart(() -> flow.ttl--);
        apart(() -> flow.port++);
        apart(() -> flow.host++);
        apart(() -> flow.tcpOptions = TransportPackets.hex("0101080a0000000100000003"));
        apart(() -> flow.ipOptions = TransportPackets.hex("94040000"));
        apart(() -> flow.ipv6 = true);
        apart(() -> flow.ttl--);
        apart(() -> flow.tos = 1);
    }

    @Test
    void identificationsCountOnUnlessThePacketIsAtomic() {
        flow.dontFragment = false;
        add(data(ACK, 1000), true);
        flow.identification++;
        add(data(ACK, 1000), true);
        add(data(ACK, 1000), true);
        assertFrames(2, 3);
        flow.dontFragment = true;
        add(data(ACK, 1000), true);
        flow.identification += 7;
        add(data(ACK, 1000), true);
        assertFrames(1, 2);
    }

    @Test
    void nothingOvertakesItsOwnFlow() {
        add(data(ACK, 1000), true);
        add(flow.tcp(ACK, new byte[0]), true);
        add(data(ACK, 1000), true);
        byte[] fragment = flow.udp(new byte[100]);
        fragment[7] = 9;
        add(fragment, false);
        assertEquals(4, kernel.frames);
        assertArrayEquals(fragment, kernel.packets.getLast());
    }

    @Test
    void eightFlowsAreOpenAtATimeAndTheOldestMakesRoom() {
        for (int round = 0; round < 3; round++) {
            for (int host = 1; host <= 8; host++) {
                flow.host = host;
                add(flow.udp(new byte[100]), true);
            }
        }
        assertEquals(0, kernel.frames);
        flow.host = 9;
        add(flow.udp(new byte[100]), true);
        assertEquals(1, kernel.frames);
        assertEquals(1, kernel.packets.getFirst()[15], "host 1");
        assertFrames(9, 25);
    }

    @Test
    void whatTheDeviceRefusesIsCountedByThePacket() {
        kernel.refuses = true;
        segments(5, 1000);
        add(flow.tcp(ACK, new byte[0]), true);
        assertEquals(6, drops.get(DropReason.DEVICE_REFUSED));
        gatherer.flush();
        assertEquals(6, drops.total());
    }

    @Test
    void onlyPlainTransportCanLackItsChecksum() {
        byte[] icmp = flow.udp(new byte[100]);
        icmp[9] = 1;
        add(icmp, true);
        assertEquals(1, drops.get(DropReason.OFFLOAD_HEADER));
        add(icmp, false);
        assertFrames(1, 1);
    }

    @Test
    void aSuperPacketGoesBehindWhatCameBefore() {
        add(data(ACK, 1000), true);
        byte[] large = data(ACK | PSH, 30_000);
        gatherer.addSuper(direct(large), 0, large.length, 1000);
        assertFrames(2, 31);
        byte[] datagram = flow.udp(new byte[2000]);
        gatherer.addSuper(direct(datagram), 0, datagram.length, 1000);
        assertEquals(1, drops.get(DropReason.OFFLOAD_HEADER), "only TCP can be a super-packet");
    }

    @Test
    void theBufferObjectMayBeUsedAnewBeforeTheFlush() {
        UnsafeBuffer reused = new UnsafeBuffer(0, 0);
        for (int i = 0; i < 2; i++) {
            byte[] packet = data(ACK, 1000);
            UnsafeBuffer memory = direct(packet);
            kept.add(memory);
            reused.wrap(memory);
            gatherer.add(reused, 0, packet.length, true);
        }
        assertFrames(1, 2);
    }

    private void apart(Runnable change) {
        add(data(ACK, 1000), true);
        change.run();
        add(data(ACK, 1000), true);
        gatherer.flush();
        assertEquals(2, kernel.frames);
        kernel.frames = 0;
    }
}
