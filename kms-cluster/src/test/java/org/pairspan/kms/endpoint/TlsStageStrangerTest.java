package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stage against peers that do not get through the handshake. */
class TlsStageStrangerTest extends AttackedStageFixture {

    @ParameterizedTest
    @ValueSource(strings = {
        "474554202f20485454502f312e310d0a0d0a",     // HTTP
        "1603010000",                               // a record of the handshake with nothing in it
        "1703030000",                               // data before the handshake
        "1603034101",                               // longer than a record may be
        "1603010004ffffffff",                       // a message without end
        "802e0103010015000000100100800300800700c0", // SSL 2
        "15030100020100",                           // a farewell before the handshake
        "150301000100",                             // half an alert
        "1403010001021403010001021403010001"        // changes of nothing
    })
    void whatIsNoHandshakeEndsTheConnection(String bytes) throws Exception {
        InetSocketAddress address = stage.echo();
        try (Socket client = new Socket(address.getAddress(), address.getPort())) {
            client.setSoTimeout((int) AttackedStage.PATIENCE.toMillis());
            client.getOutputStream().write(HexFormat.of().parseHex(bytes));
            client.shutdownOutput();
            assertTrue(readable(client) < 100, "an alert at most");
        }
        stage.refusal();
        stage.assertConnectionOver();
        stage.assertNobodyAuthenticated();
    }

    /** Bytes that come until the connection ends, in whatever way. */
    private static int readable(Socket client) throws IOException {
        int count = 0;
        try {
            while (client.getInputStream().read() >= 0) {
                count++;
            }
        } catch (SocketException e) {
            assertTrue(e.getMessage().contains("reset"), e::getMessage);
        }
        return count;
    }

    @Test
    void whoShowsNoCertificateIsRefused() throws Exception {
        try (RawMember member = new RawMember(stage.echo(), AttackedStage.PATIENCE)) {
            assertThrows(IOException.class, () -> {
                member.handshake(null, null);
                member.hear(1);
            });
        }
        stage.refusal();
        stage.assertConnectionOver();
        stage.assertNobodyAuthenticated();
    }

    @Test
    void aCertificateWithoutItsKeyIsRefused() throws Exception {
        stage.issueMember("site-b");
        try (RawMember member = new RawMember(stage.echo(), AttackedStage.PATIENCE)) {
            assertThrows(IOException.class, () -> {
                member.handshake(folder.resolve("site-b.crt"), folder.resolve("site-a.key"));
                member.hear(1);
            });
        }
        stage.refusal();
        stage.assertConnectionOver();
        stage.assertNobodyAuthenticated();
    }
}
