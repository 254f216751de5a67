package org.pairspan.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.protocol.crypto.Suite;

/** The byte streams of handshakes, put into TCP segments, are TLS 1.3 for tshark, and open with the secrets. */
class HandshakeInTsharkTest {
    private static final int LINKTYPE_IPV4 = 228;
    private static final int TCP_HEADERS = 40;

    @TempDir
    private Path folder;

    @BeforeAll
    static void tsharkIsThere() {
        boolean found = Arrays.stream(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, "tshark")));
        assumeTrue(found, "tshark is not installed");
    }

    @ParameterizedTest
    @EnumSource(KeyExchange.class)
    void aHandshakeIsTls13(KeyExchange exchange) throws Exception {
        Path capture = write(new Transcript(Suite.AES_256_GCM, exchange));
        String group = Integer.toString(exchange.namedGroup());
        assertEquals(List.of("1|0x0304|0x1302|" + group + "|1", "2|0x0304|0x1302|" + group + "|"),
            tshark(capture, "-Y", "tls.handshake.type == 1 || tls.handshake.type == 2", "-T", "fields", "-E", "separator=|",
                "-e", "tls.handshake.type", "-e", "tls.handshake.extensions.supported_version", "-e", "tls.handshake.ciphersuite",
                "-e", "tls.handshake.extensions_key_share_group", "-e", "tls.extension.psk_ke_mode"));
        assertEquals(List.of(), tshark(capture, "-Y", "_ws.malformed || tls.alert_message"));
    }

    @Test
    void withItsSecretsAHandshakeOpensUpToBothFinishedMessages() throws Exception {
        Transcript transcript = new Transcript(Suite.AES_256_GCM, KeyExchange.X25519);
        KeyScheduleByHand byHand = new KeyScheduleByHand(transcript, HandshakeByHandTest.sharedSecret(transcript, KeyExchange.X25519));
        HexFormat hex = HexFormat.of();
        String random = hex.formatHex(byHand.clientHello, 6, 38);
        Path secrets = Files.write(folder.resolve("secrets"), List.of(
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET " + random + " " + hex.formatHex(byHand.clientHandshakeSecret),
            "SERVER_HANDSHAKE_TRAFFIC_SECRET " + random + " " + hex.formatHex(byHand.serverHandshakeSecret)));
        List<String> types = tshark(write(transcript), "-o", "tls.keylog_file:" + secrets, "-T", "fields", "-e", "tls.handshake.type");
        assertEquals("1,2,8,20,20", String.join(",", types));
    }

    private Path write(Transcript transcript) throws IOException {
        ByteArrayOutputStream capture = new ByteArrayOutputStream();
        capture.writeBytes(ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4)
            .putInt(0).putInt(0).putInt(65_535).putInt(LINKTYPE_IPV4).array());
        int[] sequence = {1, 1};
        int time = 0;
        for (Transcript.Flight flight : transcript.flights) {
            int from = flight.fromClient() ? 0 : 1;
            byte[] segment = segment(flight, sequence[from], sequence[1 - from]);
            sequence[from] += flight.bytes().length;
            capture.writeBytes(ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putInt(time++).putInt(0).putInt(segment.length)
                .putInt(segment.length).array());
            capture.writeBytes(segment);
        }
        return Files.write(folder.resolve("handshake.pcap"), capture.toByteArray());
    }

    /** An IPv4 packet with a TCP segment, whose checksums tshark does not ask for. */
    private static byte[] segment(Transcript.Flight flight, int sequence, int acknowledged) {
        int client = 0x0A00_0001;
        int server = 0x0A00_0002;
        int length = TCP_HEADERS + flight.bytes().length;
        return ByteBuffer.allocate(length).putShort((short) 0x4500).putShort((short) length).putInt(0).put((byte) 64).put((byte) 6)
            .putShort((short) 0).putInt(flight.fromClient() ? client : server).putInt(flight.fromClient() ? server : client)
            .putShort((short) (flight.fromClient() ? 50_000 : 443)).putShort((short) (flight.fromClient() ? 443 : 50_000))
            .putInt(sequence).putInt(acknowledged).putShort((short) 0x5018).putShort((short) 65_535).putInt(0).put(flight.bytes()).array();
    }

    private List<String> tshark(Path capture, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tshark", "-n", "-r", capture.toString()));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command).redirectErrorStream(false).redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "tshark does not end");
        return Files.readAllLines(output, StandardCharsets.UTF_8).stream().filter(line -> !line.isBlank()).toList();
    }
}
