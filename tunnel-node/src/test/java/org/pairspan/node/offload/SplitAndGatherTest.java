package org.pairspan.node.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.wire.DropCounters;

/** Super-packets and datagrams of many flows are cut, lost, doubled, reordered, damaged and gathered; seeded. */
class SplitAndGatherTest {
    private static final int ROUNDS = 60;
    private static final int FLOWS = 12;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final KernelModel kernel = new KernelModel();
    private final DropCounters drops = new DropCounters();
    private final PacketGatherer gatherer = new PacketGatherer(kernel, drops);
    private final TcpSplitter splitter = new TcpSplitter();

    private record Sent(byte[] packet, boolean needsChecksum) {
    }

    @Test
    void theKernelSeesTheVeryPacketsThatCameInTheOrderOfTheirFlow() {
        for (int round = 0; round < ROUNDS; round++) {
            List<Sent> sent = disturbed(traffic());
            List<UnsafeBuffer> memory = new ArrayList<>();
            for (Sent each : sent) {
                UnsafeBuffer buffer = TransportPackets.direct(each.packet);
                memory.add(buffer);
                gatherer.add(buffer, 0, each.packet.length, each.needsChecksum);
                if (random.nextInt(200) == 0) {
                    gatherer.flush();
                }
            }
            gatherer.flush();
            assertEquals(sent.size(), kernel.packets.size(), "seed " + seed + ", memory of " + memory.size());
            assertEquals(byFlow(sent.stream().map(SplitAndGatherTest::finished).toList()), byFlow(kernel.packets), "seed " + seed);
            assertEquals(0, drops.total());
            kernel.packets.clear();
        }
        assertTrue(kernel.frames > 0);
    }

    private List<Sent> traffic() {
        TransportPackets.Flow[] flows = new TransportPackets.Flow[FLOWS];
        for (int i = 0; i < FLOWS; i++) {
            flows[i] = new TransportPackets.Flow();
            flows[i].ipv6 = random.nextBoolean();
            flows[i].host = 1 + i;
            flows[i].dontFragment = random.nextBoolean();
            flows[i].sequence = random.nextInt();
            flows[i].tcpOptions = new byte[4 * random.nextInt(4)];
        }
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            TransportPackets.Flow flow = flows[random.nextInt(FLOWS)];
            boolean complete = random.nextInt(4) == 0;
            if (random.nextInt(3) == 0) {
                int size = 1 + random.nextInt(100);
                for (int datagrams = random.nextInt(100); datagrams > 0; datagrams--) {
                    flow.identification++;
                    add(sent, flow.udp(octets(random.nextInt(20) == 0 ? random.nextInt(size) : size)), complete);
                }
            } else {
                superPacket(sent, flow, complete);
            }
        }
        return sent;
    }

    private void superPacket(List<Sent> sent, TransportPackets.Flow flow, boolean complete) {
        int mss = 200 + random.nextInt(1300);
        byte[] payload = octets(random.nextInt(20_000));
        int flags = TransportPackets.ACK | (random.nextInt(4) == 0 ? TransportPackets.PSH : 0)
            | (random.nextInt(20) == 0 ? TransportPackets.FIN : 0) | (random.nextInt(20) == 0 ? TransportPackets.CWR : 0);
        UnsafeBuffer source = new UnsafeBuffer(flow.tcp(flags, payload));
        int count = splitter.wrap(source, 0, source.capacity(), mss, 1400);
        for (int i = 0; i < count; i++) {
            byte[] segment = new byte[splitter.length(i)];
            splitter.write(i, new UnsafeBuffer(segment), 0);
            add(sent, segment, complete);
        }
        flow.sequence += payload.length;
        flow.identification += count;
    }

    private void add(List<Sent> sent, byte[] packet, boolean complete) {
        byte[] octets = complete ? TransportPackets.completed(packet) : packet;
        if (complete && random.nextInt(20) == 0) {
            octets[octets.length - 1]++;
        }
        sent.add(new Sent(octets, !complete));
    }

    /** Loses, doubles and reorders some. */
    private List<Sent> disturbed(List<Sent> sent) {
        List<Sent> arrived = new ArrayList<>();
        for (Sent each : sent) {
            int fate = random.nextInt(100);
            if (fate > 0) {
                arrived.add(fate < 3 ? Math.max(0, arrived.size() - 1 - random.nextInt(5)) : arrived.size(), each);
            }
            if (fate == 5) {
                arrived.add(each);
            }
        }
        return arrived;
    }

    private byte[] octets(int length) {
        byte[] octets = new byte[length];
        random.nextBytes(octets);
        return octets;
    }

    private static byte[] finished(Sent sent) {
        return sent.needsChecksum ? TransportPackets.completed(sent.packet) : sent.packet;
    }

    /** The packets of each flow in order; of atomic ones without the identification, which means nothing (RFC 6864). */
    private static Map<String, List<String>> byFlow(List<byte[]> packets) {
        Map<String, List<String>> flows = new HashMap<>();
        for (byte[] packet : packets) {
            byte[] shown = packet.clone();
            if ((packet[0] & 0xF0) == 0x40 && (packet[6] & 0x40) != 0) {
                shown[4] = 0;
                shown[5] = 0;
                shown[10] = 0;
                shown[11] = 0;
            }
            boolean four = (packet[0] & 0xF0) == 0x40;
            String key = packet[four ? 15 : 23] + " " + four + " " + TransportPackets.protocol(packet);
            flows.computeIfAbsent(key, any -> new ArrayList<>()).add(TransportPackets.hex(shown));
        }
        return flows;
    }
}
