package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;

/** A path on which a translator gives one of the peers its outer address, and another one later. */
class TranslatedPathTest {
    private static final int PACKET_LENGTH = 30_000;
    /** Several times what a peer may have in flight. */
    private static final int PACKETS = 50;

    /** Passes datagrams on to one address, from a port of its own, and the answers back. */
    private static final class Translator implements AutoCloseable {
        private final DatagramSocket inside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        private volatile DatagramSocket outside;
        private volatile SocketAddress client;

        Translator(SocketAddress target) throws IOException {
            takeAnotherPort();
            start(inside, () -> {
                DatagramPacket datagram = received(inside);
                client = datagram.getSocketAddress();
                datagram.setSocketAddress(target);
                outside.send(datagram);
            });
        }

        InetSocketAddress address() {
            return (InetSocketAddress) inside.getLocalSocketAddress();
        }

        void takeAnotherPort() throws IOException {
            DatagramSocket before = outside;
            DatagramSocket now = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            start(now, () -> {
                DatagramPacket datagram = received(now);
                datagram.setSocketAddress(client);
                inside.send(datagram);
            });
            outside = now;
            if (before != null) {
                before.close();
            }
        }

        private interface Step {
            void take() throws IOException;
        }

        private static void start(DatagramSocket from, Step step) {
            Thread.ofPlatform().daemon().start(() -> {
                while (!from.isClosed()) {
                    try {
                        step.take();
                    } catch (IOException closed) {
                        // One of the two ports is no longer in use: what was on its way is lost.
                    }
                }
            });
        }

        private static DatagramPacket received(DatagramSocket socket) throws IOException {
            DatagramPacket datagram = new DatagramPacket(new byte[65_535], 65_535);
            socket.receive(datagram);
            return datagram;
        }

        @Override
        public void close() {
            inside.close();
            outside.close();
        }
    }

    @Test
    void aStreamGoesOnWhenItsSourceChanges() throws Exception {
        try (LoopbackSite a = site(1); LoopbackSite b = site(2); Translator translator = new Translator(b.address)) {
            b.install(a, 1, Suite.AES_256_GCM);
            a.install(b, translator.address(), 1, Suite.AES_256_GCM);
            transfer(a, b);
            long before = a.dataPlane.packetsOut();
            translator.takeAnotherPort();
            transfer(a, b);
            assertTrue(a.dataPlane.packetsOut() > before);
        }
    }

    private static LoopbackSite site(int number) throws IOException {
        int port;
        try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        return new LoopbackSite(number, port, SaLifetime.DEFAULT, 16);
    }

    private static void transfer(LoopbackSite from, LoopbackSite to) {
        UnsafeBuffer packet = new UnsafeBuffer(LoopbackSite.packet(1, 2, PACKET_LENGTH, 1));
        UnsafeBuffer taken = new UnsafeBuffer(new byte[PacketDevice.LONGEST_READ]);
        for (int i = 0; i < PACKETS; i++) {
            LoopbackSite.await(() -> {
                from.device.inject(packet, 0, packet.capacity());
                return to.device.take(taken, 0, taken.capacity()) > 0;
            }, "packet " + i);
        }
    }
}
