package org.pairspan.node.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.bearer.BearerSettings;
import org.pairspan.node.device.InMemoryDevice;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.handshake.EpochExport;
import org.pairspan.node.handshake.Handshakes;
import org.pairspan.node.keyring.AssociationChange;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.node.policy.Rule;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.node.policy.UpperProtocol;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.heartbeat.HeartbeatSettings;
import org.pairspan.protocol.padding.PaddingSettings;
import org.pairspan.protocol.wire.DropReason;

/** One real data plane with a device in memory and its UDP port on loopback; keys are given by the test. */
final class LoopbackSite implements AutoCloseable {
    static final Duration HOLD = Duration.ofSeconds(10);
    /** Everything passes, in the datagram class. */
    static final SecurityPolicy EVERYTHING = everything(TrafficClass.DATAGRAM);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    final String id;
    final int number;
    final LeapingClock clock = new LeapingClock();
    final InMemoryDevice device;
    final DataPlaneRunner dataPlane;
    final InetSocketAddress address;
    final ConcurrentLinkedQueue<String> demands = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final Path directory;

    /** A site with prefix 10.NUMBER.0.0/16. */
    LoopbackSite(int number, int port, SaLifetime lifetime, int heldPackets) {
        this(number, number, port, lifetime, heldPackets);
    }

    /** A site that believes it owns 10.NETWORK.0.0/16, while the others know it as the owner of 10.NUMBER.0.0/16. */
    LoopbackSite(int number, int network, int port, SaLifetime lifetime, int heldPackets) {
        this(number, network, port, lifetime, heldPackets, EVERYTHING);
    }

    /** The same, with a policy of its own. */
    LoopbackSite(int number, int network, int port, SaLifetime lifetime, int heldPackets, SecurityPolicy policy) {
        this(number, network, port, lifetime, heldPackets, policy, SaLifetime.REKEY, false);
    }

    /** The same, which exchanges keys anew at these limits and, where it is strict, sends and takes no payload before it has. */
    LoopbackSite(int number, int network, int port, SaLifetime lifetime, int heldPackets, SecurityPolicy policy, SaLifetime rekey,
            boolean strict) {
        this(number, network, port, lifetime, heldPackets, policy, rekey, false, new PeerSettings(strict, PaddingSettings.OFF));
    }

    /** The same, which may search the path MTU. */
    LoopbackSite(int number, int network, int port, SaLifetime lifetime, int heldPackets, SecurityPolicy policy, SaLifetime rekey,
            boolean discovery, PeerSettings peers) {
        this.id = id(number);
        this.number = number;
        IpPrefix ownPrefix = prefix(network);
        this.device = new InMemoryDevice(id, PacketDevice.LONGEST_PACKET);
        this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try {
            directory = Files.createTempDirectory("pairspan-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        BearerSettings bearer = new BearerSettings(address, 1500, 1 << 20, 1 << 18, 1 << 20, directory.resolve("aeron"));
        KeyDemand demand = new KeyDemand() {
            @Override
            public boolean peerOf(byte[] wanted) {
                return demands.add("address " + Arrays.toString(wanted));
            }

            @Override
            public boolean peerNumbered(int wanted) {
                return demands.add("number " + wanted);
            }

            @Override
            public boolean renew(int peerNumber, long aboveGeneration) {
                return demands.add("renew " + peerNumber + " above " + aboveGeneration);
            }

            @Override
            public boolean left(int peerNumber, long generation) {
                return demands.add("left " + peerNumber + " with " + generation);
            }
        };
        DataPlaneSettings settings = new DataPlaneSettings(bearer, List.of(ownPrefix), policy,
                new DataPlaneSettings.Hold(heldPackets, 1 << 20, HOLD), rekey, lifetime, HeartbeatSettings.DEFAULT,
                discovery, 1 << 20, peerId -> peers);
        try {
            dataPlane = new DataPlaneRunner(settings, device, demand,
                    outcome -> new Handshakes((peerId, suite) -> KeyExchange.defaultFor(suite), outcome, EpochExport.NONE),
                    clock, errors::add, errors::add);
        } catch (RuntimeException e) {
            deleteDirectory();
            throw e;
        }
        dataPlane.start();
    }

    /** A UDP port of this machine that was free a moment ago. */
    static int freePort() {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A policy by which everything passes, in one class. */
    static SecurityPolicy everything(TrafficClass trafficClass) {
        return new SecurityPolicy(List.of(new Rule("everything", Rule.Action.PROTECT, Set.of(), List.of(), List.of(), UpperProtocol.ANY,
                List.of(), List.of(), Optional.of(trafficClass))));
    }

    /** Gives this site the association with another, of one generation. */
    void install(LoopbackSite peer, long generation, Suite suite) {
        install(peer, peer.address, generation, suite);
    }

    /** The same, with the peer's UDP port said to be elsewhere. */
    void install(LoopbackSite peer, InetSocketAddress bearer, long generation, Suite suite) {
        dataPlane.install(grant(peer.number, bearer, generation, suite)).toCompletableFuture().join();
    }

    /** Gives this site an association with one that is not there. */
    void install(int peerNumber, long generation) {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        dataPlane.install(grant(peerNumber, nowhere, generation, Suite.AES_256_GCM)).toCompletableFuture().join();
    }

    /** One generation with the site of a number, be there one or not. */
    AssociationGrant grant(int peerNumber, InetSocketAddress bearer, long generation, Suite suite) {
        byte[] pairKey = new byte[32];
        Arrays.fill(pairKey, (byte) 7);
        String peerId = id(peerNumber);
        boolean client = number < peerNumber;
        return new AssociationGrant(id, number, peerId, peerNumber, List.of(prefix(peerNumber)), bearer, 1, generation, suite,
                KeySchedule.derive(suite, pairKey, id, peerId, 1, generation), KeySchedule.derive(suite, pairKey, peerId, id, 1, generation),
                KeySchedule.preSharedKey(suite, pairKey, client ? id : peerId, client ? peerId : id, 1, generation));
    }

    /** The key service says that nothing is to be shared with a site any more. */
    void closePeer(int peerNumber) {
        boolean done = dataPlane.change(new AssociationChange.Close(peerNumber)).toCompletableFuture().join();
        if (!done) {
            throw new AssertionError("not closed at " + id);
        }
    }

    private static String id(int number) {
        return "site-" + number;
    }

    private static IpPrefix prefix(int number) {
        return IpPrefix.parse("10." + number + ".0.0/16");
    }

    /** An IPv4 packet from a host of one network to a host of another, with a payload of this length filled with a value. */
    static byte[] packet(int fromNetwork, int toNetwork, int payloadLength, int value) {
        ByteBuffer packet = ByteBuffer.allocate(20 + payloadLength);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) (20 + payloadLength)).putInt(0).put((byte) 64).put((byte) 253);
        packet.putShort((short) 0).put(new byte[] {10, (byte) fromNetwork, 0, 1}).put(new byte[] {10, (byte) toNetwork, 0, 1});
        while (packet.hasRemaining()) {
            packet.put((byte) value);
        }
        return packet.array();
    }

    /** An application behind this site sends a packet. */
    void send(byte[] packet) {
        UnsafeBuffer buffer = new UnsafeBuffer(packet);
        await(() -> device.inject(buffer, 0, packet.length), "room in the device of " + id);
    }

    /** The next packet that came out behind this site, within the patience of a test. */
    byte[] receive() {
        UnsafeBuffer buffer = new UnsafeBuffer(new byte[PacketDevice.LONGEST_READ]);
        int[] length = new int[1];
        await(() -> (length[0] = device.take(buffer, 0, buffer.capacity())) > 0, "a packet at " + id);
        byte[] packet = new byte[length[0]];
        buffer.getBytes(0, packet);
        return packet;
    }

    /** Whether nothing has come out behind this site. */
    boolean receivedNothing() {
        return device.take(new UnsafeBuffer(new byte[PacketDevice.LONGEST_READ]), 0, PacketDevice.LONGEST_READ) == 0;
    }

    void awaitDrops(DropReason reason, long number) {
        await(() -> dataPlane.drops(reason) >= number, number + " drops " + reason + " at " + id);
    }

    static void await(BooleanSupplier condition, String what) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE_NS) {
                throw new AssertionError("waited too long for " + what);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        dataPlane.close();
        device.close();
        deleteDirectory();
    }

    private void deleteDirectory() {
        try {
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
