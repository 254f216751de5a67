package org.pairspan.node.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.management.JMX;
import javax.management.ObjectName;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.node.bearer.BearerException;
import org.pairspan.node.device.InMemoryDevice;
import org.pairspan.node.fixture.TestKeyServer;
import org.pairspan.node.fixture.TestKeyService;
import org.pairspan.node.fixture.TestPki;
import org.pairspan.node.observe.NodeMXBean;
import org.pairspan.node.observe.PeerMXBean;
import org.pairspan.runtime.config.ConfigurationException;

/** Whole nodes in one process: memory devices, real UDP on loopback, real TLS to a key server of the test. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TunnelNodeTest {
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 30_000;
    private static final int PACKET_ROOM = 65_536;
    private static final int UDP = 17;

    @TempDir
    private Path folder;
    private TestPki pki;
    private TestKeyServer server;

    @BeforeEach
    void openKeyServer() throws IOException {
        pki = new TestPki(folder);
        pki.issueKms("kms-1");
        pki.issueMember("site-a", "10.1.0.0/16");
        pki.issueMember("site-b", "10.2.0.0/16");
        server = new TestKeyServer(pki.tls("kms-1"), new TestKeyService());
    }

    @AfterEach
    void closeKeyServer() throws IOException {
        server.close();
    }

    @Test
    void aPacketInjectedAtOneSiteComesOutAtTheOther() throws Exception {
        try (TunnelNode a = TunnelNode.start(config("site-a", "10.1.0.0/16", freePort()), System.out::println);
                TunnelNode b = TunnelNode.start(config("site-b", "10.2.0.0/16", freePort()), System.out::println)) {
            byte[] there = packet("0a010001", "0a020001", 600);
            assertArrayEquals(there, carry(a, b, there));
            byte[] back = packet("0a020001", "0a010001", 1400);
            assertArrayEquals(back, carry(b, a, back));

            PeerMXBean peer = bean("Peer", "site-b", PeerMXBean.class);
            assertEquals("aes-256-gcm", peer.getSuite());
            assertEquals(1, peer.getPacketsOut());
            assertEquals(1, peer.getGeneration());
            NodeMXBean node = bean("Node", "site-a", NodeMXBean.class);
            assertTrue(node.isKeyServiceConnected());
            assertEquals("", node.getKeyExportWarning());
        }
        assertEquals(0, ManagementFactory.getPlatformMBeanServer().queryNames(new ObjectName("org.pairspan:*"), null).size());
    }

    @Test
    void aTunnelGoesOnWithoutTheKeyService() throws Exception {
        try (TunnelNode a = TunnelNode.start(config("site-a", "10.1.0.0/16", freePort()), System.out::println);
                TunnelNode b = TunnelNode.start(config("site-b", "10.2.0.0/16", freePort()), System.out::println)) {
            byte[] first = packet("0a010001", "0a020001", 100);
            assertArrayEquals(first, carry(a, b, first));
            server.close();
            await(() -> !a.keyService().connected());
            byte[] second = packet("0a010001", "0a020002", 200);
            assertArrayEquals(second, carry(a, b, second));
        }
    }

    @Test
    void aNodeStartsWithoutTheKeyService() throws Exception {
        server.close();
        try (TunnelNode a = TunnelNode.start(config("site-a", "10.1.0.0/16", freePort()), System.out::println)) {
            assertFalse(a.keyService().connected());
            assertTrue(a.keyService().trouble().contains("refused"), a.keyService().trouble());
        }
    }

    @Test
    void aPortInUseIsAnErrorThatNamesIt() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            Path config = config("site-a", "10.1.0.0/16", taken.getLocalPort());
            BearerException error = assertThrows(BearerException.class, () -> TunnelNode.start(config, System.out::println));
            assertTrue(error.getMessage().contains(String.valueOf(taken.getLocalPort())), error.getMessage());
        }
    }

    @Test
    void aFolderThatOthersMayReadIsRefused() throws Exception {
        Files.createDirectory(folder.resolve("streams-site-a"));
        Path config = config("site-a", "10.1.0.0/16", freePort());
        ConfigurationException error = assertThrows(ConfigurationException.class, () -> TunnelNode.start(config, System.out::println));
        assertEquals("pairspan.node.bearer.directory", error.name());
    }

    private Path config(String id, String prefix, int port) throws IOException {
        return Files.writeString(folder.resolve(id + ".conf"), """
                pairspan.node {
                  %s
                  key-service { servers = ["%s:%d"], connect-timeout = 1 s }
                  bearer { host = "127.0.0.1", port = %d, term-length = 1 MiB, window = 256 KiB, directory = "streams-%s" }
                  device { kind = memory, name = "memory-%s" }
                  prefixes = ["%s"]
                }
                """.formatted(pki.identitySettings(id), server.address().getHostString(), server.address().getPort(), port, id, id, prefix));
    }

    private static int freePort() throws IOException {
        int port = new Random().nextInt(FIRST_PORT, LAST_PORT);
        try (DatagramSocket probe = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** Sends the packet once, and waits until it is there. */
    private static byte[] carry(TunnelNode from, TunnelNode to, byte[] packet) throws Exception {
        assertTrue(((InMemoryDevice) from.device()).inject(new UnsafeBuffer(packet), 0, packet.length));
        MutableDirectBuffer room = new UnsafeBuffer(new byte[PACKET_ROOM]);
        int[] length = new int[1];
        await(() -> (length[0] = ((InMemoryDevice) to.device()).take(room, 0, PACKET_ROOM)) > 0);
        byte[] taken = new byte[length[0]];
        room.getBytes(0, taken);
        return taken;
    }

    private static byte[] packet(String source, String destination, int length) {
        byte[] packet = new byte[length];
        UnsafeBuffer buffer = new UnsafeBuffer(packet);
        buffer.putByte(0, (byte) 0x45);
        buffer.putShort(2, (short) length, ByteOrder.BIG_ENDIAN);
        buffer.putByte(8, (byte) 64);
        buffer.putByte(9, (byte) UDP);
        buffer.putBytes(12, HexFormat.of().parseHex(source + destination));
        return packet;
    }

    private static <T> T bean(String type, String name, Class<T> as) throws Exception {
        ObjectName objectName = new ObjectName("org.pairspan:type=" + type + ",name=" + name);
        await(() -> ManagementFactory.getPlatformMBeanServer().isRegistered(objectName));
        return JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(), objectName, as);
    }

    private static void await(BooleanSupplier condition) {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - endNs < 0, "it did not come about within 20 s");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }
}
