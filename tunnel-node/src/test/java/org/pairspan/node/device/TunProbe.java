package org.pairspan.node.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.classify.PlainTransport;
import org.pairspan.node.posix.PollDescriptor;
import org.pairspan.node.posix.Posix;
import org.pairspan.protocol.address.IpPrefix;

/**
 * Runs alone in a fresh network namespace and prints what it finds, one {@code name=value} a line.
 * <pre>
 *   client → address 2 ─ route ─► TUN ─► probe: swaps source and destination ─► TUN ─► address 1 → server, and back
 * </pre>
 * Swapping two addresses changes no checksum, so the probe can be the whole network for a TCP connection of one machine.
 */
final class TunProbe {
    private static final long OCTETS = 64L << 20;
    private static final int CHUNK = 1 << 16;

    private TunProbe() {
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments[0].equals("traffic")) {
            traffic(arguments[1], arguments[2]);
        } else {
            refusals();
        }
    }

    private static void refusals() {
        DeviceSettings settings = new DeviceSettings("probe0", 1400, 500, List.of(InterfaceAddress.parse("10.77.0.1/24")));
        try (TunDevice device = TunDevice.open(settings)) {
            report("name in use", () -> TunDevice.open(settings));
            report("address refused", () -> TunDevice.open(
                new DeviceSettings("probe1", 1400, 500,
                    List.of(InterfaceAddress.parse("10.78.0.1/24"), InterfaceAddress.parse("10.78.0.1/24")))));
            IpPrefix prefix = IpPrefix.parse("10.79.0.0/16");
            device.addRoute(prefix);
            device.addRoute(prefix);
            device.removeRoute(prefix);
            device.removeRoute(prefix);
            try (TunDevice second = TunDevice.open(new DeviceSettings("probe1", 1400, 500, List.of()))) {
                second.addRoute(prefix);
                report("route refused", () -> device.addRoute(prefix));
            }
        } catch (DeviceException e) {
            System.out.println("cannot open=" + e.getMessage());
        }
    }

    private static void report(String what, Runnable action) {
        try {
            action.run();
            System.out.println(what + "=nothing");
        } catch (DeviceException e) {
            System.out.println(what + "=" + e.getMessage());
        }
    }

    private static void traffic(String one, String two) throws Exception {
        InterfaceAddress address = InterfaceAddress.parse(one);
        Thread mirror = null;
        try (TunDevice device = TunDevice.open(new DeviceSettings("probe0", 1400, 500, List.of(address)));
             ServerSocket server = new ServerSocket()) {
            UnsafeBuffer first = new UnsafeBuffer(ByteBuffer.allocateDirect(PacketDevice.LONGEST_READ));
            System.out.println("noise=" + device.read(first, 0, first.capacity()));
            Mirror swapping = new Mirror(device, address.address().isIpv4());
            mirror = Thread.ofPlatform().start(swapping);
            server.bind(new InetSocketAddress(InetAddress.getByAddress(address.address().address()), 0));
            CompletableFuture<String> received = new CompletableFuture<>();
            Thread.ofPlatform().daemon().start(() -> receive(server, received));
            long start = System.nanoTime();
            String sent = send(new InetSocketAddress(two, server.getLocalPort()));
            System.out.println("intact=" + sent.equals(received.get()));
            System.out.println("mbit/s=" + OCTETS * 8_000 / (System.nanoTime() - start));
            swapping.stopped = true;
            mirror.join();
            System.out.println("largest=" + swapping.largest);
            System.out.println("packets=" + swapping.packets);
            System.out.println("invalid=" + swapping.invalid);
            System.out.println("refused=" + swapping.refused);
        }
    }

    private static String send(InetSocketAddress server) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[CHUNK];
        new Random(7).nextBytes(chunk);
        try (Socket socket = new Socket()) {
            socket.connect(server, 10_000);
            OutputStream out = socket.getOutputStream();
            for (long left = OCTETS; left > 0; left -= CHUNK) {
                chunk[0]++;
                digest.update(chunk);
                out.write(chunk);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void receive(ServerSocket server, CompletableFuture<String> received) {
        try (Socket socket = server.accept(); InputStream in = socket.getInputStream()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[CHUNK];
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                digest.update(chunk, 0, length);
            }
            received.complete(HexFormat.of().formatHex(digest.digest()));
        } catch (IOException | GeneralSecurityException e) {
            received.completeExceptionally(e);
        }
    }

    /** The network: what leaves for address 2 from address 1 comes back as from 2 to 1. */
    private static final class Mirror implements Runnable {
        private final TunDevice device;
        private final int addressOffset;
        private final int addressLength;
        private volatile boolean stopped;
        private int largest;
        private int packets;
        private int invalid;
        private int refused;

        Mirror(TunDevice device, boolean ipv4) {
            this.device = device;
            this.addressOffset = OffloadHeader.LENGTH + (ipv4 ? 12 : 8);
            this.addressLength = ipv4 ? 4 : 16;
        }

        @Override
        public void run() {
            UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(PacketDevice.LONGEST_READ));
            UnsafeBuffer poll = new UnsafeBuffer(ByteBuffer.allocateDirect(PollDescriptor.LENGTH));
            byte[] source = new byte[addressLength];
            while (!stopped) {
                int length = device.read(packet, 0, packet.capacity());
                if (length == 0) {
                    PollDescriptor.put(poll, 0, device.descriptor(), PollDescriptor.POLLIN);
                    Posix.poll(poll.addressOffset(), 1, 10);
                    continue;
                }
                packets++;
                largest = Math.max(largest, length - OffloadHeader.LENGTH);
                invalid += isDerivable(packet, length) ? 0 : 1;
                packet.getBytes(addressOffset, source);
                packet.putBytes(addressOffset, packet, addressOffset + addressLength, addressLength);
                packet.putBytes(addressOffset + addressLength, source);
                refused += device.write(packet, 0, length) ? 0 : 1;
            }
        }

        /** Whether the header says what the packet itself says: that is all a node on the other side has. */
        private static boolean isDerivable(UnsafeBuffer packet, int length) {
            if (OffloadHeader.flags(packet, 0) != OffloadHeader.NEEDS_CHECKSUM) {
                return OffloadHeader.type(packet, 0) == OffloadHeader.TYPE_NONE;
            }
            int type = OffloadHeader.type(packet, 0);
            int start = PlainTransport.ipHeaderLength(packet, OffloadHeader.LENGTH, length - OffloadHeader.LENGTH);
            return OffloadHeader.checksumStart(packet, 0) == start && OffloadHeader.checksumOffset(packet, 0) == 16
                && (type == OffloadHeader.TYPE_NONE || type == (start == 20 ? OffloadHeader.TYPE_TCP_IPV4 : OffloadHeader.TYPE_TCP_IPV6));
        }
    }
}
