package org.pairspan.node.offload;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.classify.PlainTransport;
import org.pairspan.node.device.DeviceSettings;
import org.pairspan.node.device.InterfaceAddress;
import org.pairspan.node.device.OffloadHeader;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.device.TunDevice;
import org.pairspan.node.posix.ChannelDescriptor;
import org.pairspan.node.posix.PollDescriptor;
import org.pairspan.node.posix.Posix;
import org.pairspan.node.posix.SocketOptions;
import org.pairspan.protocol.wire.DropCounters;

/**
 * Runs alone in a fresh network namespace, is the network behind a TUN device, and prints what it finds, one {@code name=value} a
 * line. Source and destination of each packet are swapped on its way, so that one machine can be both ends.
 */
final class TunOffloadProbe {
    private static final int OCTETS = 8 << 20;
    private static final int LARGEST_PACKET = 1_300;
    private static final String NAME = "probe0";

    private final TunDevice device;
    private final boolean ipv4;
    private final DropCounters drops = new DropCounters();
    private final PacketGatherer gatherer;

    private TunOffloadProbe(TunDevice device, boolean ipv4) {
        this.device = device;
        this.ipv4 = ipv4;
        this.gatherer = new PacketGatherer(device, drops);
    }

    public static void main(String[] arguments) throws Exception {
        InterfaceAddress own = InterfaceAddress.parse(arguments[1]);
        InetAddress address = InetAddress.getByAddress(own.address().address());
        InetAddress other = InetAddress.getByName(arguments[2]);
        try (TunDevice device = TunDevice.open(new DeviceSettings(NAME, 1400, 500, List.of(own)))) {
            TunOffloadProbe probe = new TunOffloadProbe(device, own.address().isIpv4());
            switch (arguments[0]) {
                case "stream" -> probe.stream(address, other);
                case "datagrams" -> probe.datagrams(address, other);
                case "segmented" -> probe.segmented(other);
                default -> probe.tooBig(other);
            }
            System.out.println("drops=" + probe.drops.total());
            System.out.println("frames=" + frames(2));
            System.out.println("given=" + frames(10));
        }
    }

    /** How many frames the kernel has taken (2) or given (10), by its own count; as it numbers the columns. */
    private static String frames(int column) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/net/dev"))) {
            return lines.map(String::strip).filter(line -> line.startsWith(NAME))
                .map(line -> line.split("[: ]+")[column]).findFirst().orElseThrow();
        }
    }

    /** One connection; each segment of it passes the network by itself. */
    private void stream(InetAddress address, InetAddress other) throws Exception {
        Network network = new Network();
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress(address, 0));
            Thread carrying = Thread.ofPlatform().start(network);
            byte[] sent = new byte[OCTETS];
            new Random(7).nextBytes(sent);
            Thread.ofPlatform().daemon().start(() -> send(new InetSocketAddress(other, server.getLocalPort()), sent));
            try (Socket socket = server.accept(); InputStream in = socket.getInputStream()) {
                System.out.println("intact=" + Arrays.equals(sent, in.readAllBytes()));
            } finally {
                network.stopped = true;
                carrying.join();
            }
        }
        System.out.println("segments=" + network.segments);
        System.out.println("too long=" + network.tooLong);
    }

    private static void send(InetSocketAddress server, byte[] octets) {
        try (Socket socket = new Socket()) {
            socket.connect(server, 10_000);
            try (OutputStream out = socket.getOutputStream()) {
                out.write(octets);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** 64 datagrams, the last one shorter, given to the device in one frame. */
    private void datagrams(InetAddress address, InetAddress other) throws Exception {
        System.out.println("takes=" + device.takesUdpSegments());
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address, 0))) {
            socket.setSoTimeout(5_000);
            List<UnsafeBuffer> memory = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                byte[] payload = new byte[i < 63 ? 100 : 50];
                payload[0] = (byte) i;
                byte[] packet = datagram(address, other, socket.getLocalPort(), payload);
                memory.add(TransportPackets.direct(packet));
                gatherer.add(memory.get(i), 0, packet.length, i % 2 == 0);
            }
            gatherer.flush();
            int received = 0;
            DatagramPacket packet = new DatagramPacket(new byte[2000], 2000);
            for (int i = 0; i < memory.size(); i++) {
                packet.setLength(2000);
                socket.receive(packet);
                received += packet.getData()[0] == i && packet.getLength() == (i < 63 ? 100 : 50) ? 1 : 0;
            }
            System.out.println("received=" + received);
        }
    }

    private byte[] datagram(InetAddress address, InetAddress other, int port, byte[] payload) {
        TransportPackets.Flow flow = new TransportPackets.Flow();
        flow.ipv6 = !ipv4;
        byte[] packet = flow.udp(payload);
        int length = other.getAddress().length;
        int at = ipv4 ? 12 : 8;
        System.arraycopy(other.getAddress(), 0, packet, at, length);
        System.arraycopy(address.getAddress(), 0, packet, at + length, length);
        ByteBuffer whole = ByteBuffer.wrap(packet);
        int udp = TransportPackets.ipHeader(packet);
        whole.putShort(udp + 2, (short) port);
        if (ipv4) {
            whole.putShort(10, (short) 0);
            whole.putShort(10, (short) ~TransportPackets.sum(packet, 0, udp));
        }
        whole.putShort(udp + 6, (short) TransportPackets.pseudoSum(packet, 17, packet.length - udp));
        // Every other one complete, as it would come from another machine of the site.
        return payload[0] % 2 == 0 ? packet : TransportPackets.completed(packet);
    }

    /** A socket sends 30 datagrams by one call; the device gives them one by one. */
    private void segmented(InetAddress other) throws Exception {
        System.out.println("takes=" + device.takesUdpSegments());
        try (DatagramChannel channel = DatagramChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
            SocketOptions.set(ChannelDescriptor.of(channel), SocketOptions.SOL_UDP, SocketOptions.UDP_SEGMENT, 100);
            channel.send(ByteBuffer.allocate(2_950), new InetSocketAddress(other, 9));
        }
        UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(PacketDevice.LONGEST_READ));
        int right = 0;
        int number = 0;
        for (int length = waitFor(packet); length > 0; length = device.read(packet, 0, packet.capacity())) {
            byte[] datagram = new byte[length - OffloadHeader.LENGTH];
            packet.getBytes(OffloadHeader.LENGTH, datagram);
            int payload = datagram.length - (ipv4 ? 28 : 48);
            boolean whole = OffloadHeader.type(packet, 0) == OffloadHeader.TYPE_NONE
                && PlainTransport.ipHeaderLength(packet, OffloadHeader.LENGTH, datagram.length) > 0
                && TransportPackets.isRight(TransportPackets.completed(datagram));
            right += whole && payload == (number < 29 ? 100 : 50) ? 1 : 0;
            number++;
        }
        System.out.println("number=" + number);
        System.out.println("right=" + right);
    }

    /** A packet is answered with "too big": what does the kernel know of the path then? */
    private void tooBig(InetAddress other) throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[1_372], 1_372, other, 9));
            UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(PacketDevice.LONGEST_READ));
            int length = waitFor(packet);
            UnsafeBuffer answer = new UnsafeBuffer(ByteBuffer.allocateDirect(1280));
            int answerLength = new IcmpTooBig().write(packet, OffloadHeader.LENGTH, length - OffloadHeader.LENGTH, 1_300, answer, 0);
            gatherer.add(answer, 0, answerLength, false);
            gatherer.flush();
        }
        Process process = new ProcessBuilder("ip", "route", "get", other.getHostAddress()).start();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        System.out.println("route=" + answer.replace('\n', ' '));
    }

    private int waitFor(UnsafeBuffer packet) {
        UnsafeBuffer poll = new UnsafeBuffer(ByteBuffer.allocateDirect(PollDescriptor.LENGTH));
        PollDescriptor.put(poll, 0, device.descriptor(), PollDescriptor.POLLIN);
        Posix.poll(poll.addressOffset(), 1, 5_000);
        return device.read(packet, 0, packet.capacity());
    }

    private final class Network implements Runnable {
        private final UnsafeBuffer packet = new UnsafeBuffer(ByteBuffer.allocateDirect(PacketDevice.LONGEST_READ));
        private final UnsafeBuffer segmented = new UnsafeBuffer(ByteBuffer.allocateDirect(4 * PacketDevice.LONGEST_READ));
        private final UnsafeBuffer poll = new UnsafeBuffer(ByteBuffer.allocateDirect(PollDescriptor.LENGTH));
        private final TcpSplitter splitter = new TcpSplitter();
        private volatile boolean stopped;
        private int used;
        private long segments;
        private long tooLong;

        @Override
        public void run() {
            while (!stopped) {
                int length = device.read(packet, 0, packet.capacity());
                if (length == 0 || used > segmented.capacity() - 2 * PacketDevice.LONGEST_READ) {
                    gatherer.flush();
                    used = 0;
                }
                if (length == 0) {
                    PollDescriptor.put(poll, 0, device.descriptor(), PollDescriptor.POLLIN);
                    Posix.poll(poll.addressOffset(), 1, 10);
                } else {
                    carry(length);
                }
            }
        }

        private void carry(int length) {
            int ip = OffloadHeader.LENGTH;
            byte[] source = new byte[ipv4 ? 4 : 16];
            int at = ip + (ipv4 ? 12 : 8);
            packet.getBytes(at, source);
            packet.putBytes(at, packet, at + source.length, source.length);
            packet.putBytes(at + source.length, source);
            boolean needsChecksum = (OffloadHeader.flags(packet, 0) & OffloadHeader.NEEDS_CHECKSUM) != 0;
            MssClamp.clamp(packet, ip, length - ip, LARGEST_PACKET + 50, needsChecksum);
            int size = OffloadHeader.type(packet, 0) == OffloadHeader.TYPE_NONE ? length : OffloadHeader.segmentSize(packet, 0);
            int count = splitter.wrap(packet, ip, length - ip, size, LARGEST_PACKET);
            for (int i = 0; i < count; i++) {
                splitter.write(i, segmented, used);
                tooLong += splitter.length(i) > LARGEST_PACKET ? 1 : 0;
                gatherer.add(segmented, used, splitter.length(i), needsChecksum);
                used += splitter.length(i);
                segments++;
            }
        }
    }
}
