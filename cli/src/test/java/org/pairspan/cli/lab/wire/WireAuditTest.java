package org.pairspan.cli.lab.wire;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.session.OutboundAssociation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class WireAuditTest {

    private static final int PORT = 4710;
    private static final int SPI = Spi.of(7, 1);

    private final ByteArrayOutputStream pcap = new ByteArrayOutputStream();
    private final OutboundAssociation association = new OutboundAssociation(SPI, Suite.AES_256_GCM,
        KeySchedule.derive(Suite.AES_256_GCM, new byte[32], "a", "b", 1, 1), SaLifetime.DEFAULT, 0);
    private final byte[] secret = new byte[1000];

    @TempDir
    private Path folder;

    @BeforeEach
    void begin() {
        new Random(1).nextBytes(secret);
        pcap.writeBytes(ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putInt(0xa1b23c4d).array());
    }

    @Test
    void packetsOfATunnelAreCleanAlsoWhereOneFrameHoldsSeveral() throws IOException {
        frame(udp(PORT, PORT, protect()));
        frame(udp(50_000, PORT, join(protect(), protect())));
        final WireAudit.Report report = audit();
        assertTrue(report.clean(), report::toString);
        assertEquals(2, report.frames());
        assertEquals(3, report.packets());
        assertEquals(Map.of(SPI, 3L), report.packetsBySpi());
    }

    @Test
    void arpIsCountedApart() throws IOException {
        final byte[] arp = new byte[42];
        arp[12] = 0x08;
        arp[13] = 0x06;
        frame(arp);
        frame(udp(PORT, PORT, protect()));
        final WireAudit.Report report = audit();
        assertTrue(report.clean(), report::toString);
        assertEquals(1, report.arp());
        assertEquals(1, report.framesBeforeFirstPacket());
    }

    @Test
    void theFilesBytesAreFoundWhereverTheyStand() throws IOException {
        frame(udp(PORT, PORT, secret));
        final WireAudit.Report report = audit();
        assertFalse(report.clean());
        assertEquals(1, report.odd());
        assertEquals(4, report.plaintextFound());
    }

    @Test
    void anAeronHeaderInClearIsFound() throws IOException {
        final byte[] aeron = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN)
            .putInt(64).put((byte) 0).put((byte) 0xC0).putShort((short) 1).putInt(4096).putInt(0x12345678).putInt(7).array();
        frame(udp(PORT, PORT, aeron));
        final WireAudit.Report report = audit();
        assertEquals(1, report.aeronFound());
        assertEquals(List.of("a UDP payload that is no SPA+ESP packet at byte 0 of 64: 4000000000c00100001000007856341207000000000000000000000000000000"), report.oddities());
    }

    @Test
    void otherTrafficIsNamed() throws IOException {
        frame(udp(53, 53, protect()));
        final byte[] tcp = udp(PORT, PORT, protect());
        tcp[14 + 9] = 6;
        frame(tcp);
        final byte[] ipv6 = new byte[60];
        ipv6[12] = (byte) 0x86;
        ipv6[13] = (byte) 0xDD;
        frame(ipv6);
        frame(new byte[5]);
        final byte[] cut = protect();
        frame(udp(PORT, PORT, Arrays.copyOf(cut, cut.length - 1)));
        final WireAudit.Report report = audit();
        assertEquals(5, report.odd());
        assertEquals("UDP 53 to 53", report.oddities().get(0));
        assertEquals("IPv4 protocol 6", report.oddities().get(1));
        assertEquals("a frame of type 0x86dd", report.oddities().get(2));
        assertEquals("a frame of 5 bytes", report.oddities().get(3));
        assertTrue(report.oddities().get(4).startsWith("a UDP payload that is no SPA+ESP packet"), report::toString);
    }

    private WireAudit.Report audit() throws IOException {
        final Path file = Files.write(folder.resolve("secret"), secret);
        try (PlaintextIndex index = new PlaintextIndex(file)) {
            return WireAudit.of(Files.write(folder.resolve("wire.pcap"), pcap.toByteArray()), PORT, index);
        }
    }

    private byte[] protect() {
        final UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(secret.length));
        payload.putBytes(0, secret);
        final UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(2000));
        final int length = association.protect(253, payload, 0, secret.length, out, 0, 1);
        final byte[] datagram = new byte[length];
        out.getBytes(0, datagram);
        return datagram;
    }

    private void frame(byte[] frame) {
        pcap.writeBytes(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(1).putInt(0).putInt(frame.length).putInt(frame.length).array());
        pcap.writeBytes(frame);
    }

    private static byte[] udp(int source, int destination, byte[] payload) {
        return ByteBuffer.allocate(42 + payload.length).position(12).putShort((short) 0x0800)
            .put((byte) 0x45).put((byte) 0).putShort((short) (28 + payload.length)).putInt(0).put((byte) 64).put((byte) 17).putShort((short) 0)
            .putInt(0xC0000201).putInt(0xC0000202)
            .putShort((short) source).putShort((short) destination).putShort((short) (8 + payload.length)).putShort((short) 0)
            .put(payload).array();
    }

    private static byte[] join(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length).put(one).put(other).array();
    }
}
