package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.transport.BearerSegment;
import org.pairspan.protocol.transport.SegmentHeader;

/** A capture decrypts in Wireshark's own ESP dissector with what {@link EspKeyExport} wrote. Needs tshark. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ExportedKeysInTsharkTest {
    private static final Path DISSECTOR = Path.of("..", "docs", "wireshark", "pairspan.lua").toAbsolutePath().normalize();
    private static final byte[] SECRET = "the inner packet of this test".getBytes(StandardCharsets.US_ASCII);
    private static final int NEXT_HEADER_SEGMENT = 253;
    private static final int LINKTYPE_RAW = 101;
    private static final int ROOM = 2048;

    @TempDir
    private Path folder;

    @Test
    void theInnerBytesOfAnExportedAssociationAreFound() throws Exception {
        assumeTrue(isInstalled("tshark"), "tshark is not installed");
        Path keys = folder.resolve("esp_sa");
        AssociationGrant grant = Messages.offer(1).derive(Messages.OWN_ID);
        try (EspKeyExport export = EspKeyExport.open(keys)) {
            export.accept(grant);
        }
        Path capture = Files.write(folder.resolve("tunnel.pcap"), capture(protect(grant)));
        String found = tshark(capture, Files.readAllLines(keys));
        assertTrue(found.contains(HexFormat.of().formatHex(SECRET)), found);
        assertTrue(!tshark(capture, List.of()).contains(HexFormat.of().formatHex(SECRET)), "found without a key");
    }

    private static byte[] protect(AssociationGrant grant) {
        OutboundAssociation association = new OutboundAssociation(Spi.of(grant.ownNumber(), grant.generation()), grant.suite(),
                grant.outboundKeys(), SaLifetime.DEFAULT, 0);
        UnsafeBuffer segment = new UnsafeBuffer(
                new byte[BearerSegment.PREFIX_LENGTH + BearerSegment.PIECE_PREFIX_LENGTH + SECRET.length]);
        BearerSegment.writePrefix(segment, 0, 1, 2, 3);
        BearerSegment.writePiece(segment, BearerSegment.PREFIX_LENGTH, SegmentHeader.encode(SegmentHeader.FIRST, 0, 0, 1),
                new UnsafeBuffer(SECRET), 0, SECRET.length);
        UnsafeBuffer out = new UnsafeBuffer(ByteBuffer.allocateDirect(ROOM));
        int length = association.protect(NEXT_HEADER_SEGMENT, segment, 0, segment.capacity(), out, 0, 0);
        byte[] datagram = new byte[length];
        out.getBytes(0, datagram);
        association.destroy();
        return datagram;
    }

    /** One UDP packet to the peer's bearer in a pcap file. */
    private static byte[] capture(byte[] datagram) throws IOException {
        ByteBuffer packet = ByteBuffer.allocate(28 + datagram.length);
        packet.putShort((short) 0x4500).putShort((short) packet.capacity()).putInt(0).put((byte) 64).put((byte) 17).putShort((short) 0)
                .put(Messages.address("192.0.2.1")).put(Messages.address("192.0.2.2"))
                .putShort((short) 4710).putShort((short) 4710).putShort((short) (8 + datagram.length)).putShort((short) 0).put(datagram);
        ByteBuffer header = ByteBuffer.allocate(40).putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0)
                .putInt(65_535).putInt(LINKTYPE_RAW).putInt(0).putInt(0).putInt(packet.capacity()).putInt(packet.capacity());
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(header.array());
        file.write(packet.array());
        return file.toByteArray();
    }

    private String tshark(Path capture, List<String> keys) throws Exception {
        List<String> command = new ArrayList<>(List.of("tshark", "-r", capture.toString(), "-X", "lua_script:" + DISSECTOR,
                "-o", "esp.enable_encryption_decode:TRUE", "-T", "fields", "-e", "pairspan.piece"));
        keys.forEach(line -> command.addAll(List.of("-o", "uat:esp_sa:" + line)));
        Path output = folder.resolve("tshark.txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("HOME", folder.toString());
        assertEquals(0, builder.start().waitFor(), () -> read(output));
        return read(output);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isInstalled(String program) {
        return List.of(System.getenv("PATH").split(":")).stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
