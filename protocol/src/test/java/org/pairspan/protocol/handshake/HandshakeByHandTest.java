package org.pairspan.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.gm.GMNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;

/**
 * Opens whole handshakes with a second key schedule, from the pre-shared key and the client's ephemeral key on: the binder, both Finished
 * messages and the exported keys are those of RFC 8446, with the hash and cipher of RFC 8998 in the SM suite.
 */
class HandshakeByHandTest {
    private static final HexFormat HEX = HexFormat.of();

    @ParameterizedTest
    @CsvSource({"SM4_GCM, CURVE_SM2", "AES_256_GCM, CURVE_SM2", "SM4_GCM, X25519", "CHACHA20_POLY1305, X25519", "AES_256_GCM, X25519"})
    void everyFieldIsThatOfTheStandard(Suite suite, KeyExchange exchange) {
        Transcript transcript = new Transcript(suite, exchange);
        assertEquals(3, transcript.flights.size());
        KeyScheduleByHand byHand = new KeyScheduleByHand(transcript, sharedSecret(transcript, exchange));
        int hash = byHand.binder.length;
        assertArrayEquals(byHand.binder, Arrays.copyOfRange(byHand.clientHello, byHand.clientHello.length - hash,
            byHand.clientHello.length), "binder");
        assertArrayEquals(HEX.parseHex("080000020000"), byHand.encryptedExtensions, "EncryptedExtensions, empty");
        assertEquals("140000" + HEX.toHexDigits((byte) hash) + HEX.formatHex(byHand.verifyData(byHand.serverHandshakeSecret,
            byHand.clientHello, byHand.serverHello, byHand.encryptedExtensions)), HEX.formatHex(byHand.serverFinished));
        assertEquals("140000" + HEX.toHexDigits((byte) hash) + HEX.formatHex(byHand.verifyData(byHand.clientHandshakeSecret,
            byHand.clientHello, byHand.serverHello, byHand.encryptedExtensions, byHand.serverFinished)),
            HEX.formatHex(byHand.clientFinished));
        byte[] context = HEX.parseHex("0006" + HEX.formatHex("site-1".getBytes()) + "0006" + HEX.formatHex("site-7".getBytes())
            + "00000003" + "0000000000000009" + HEX.toHexDigits((byte) suite.wireNumber()) + "01");
        int length = KeySchedule.trafficKeyLength(suite);
        byte[] exported = byHand.export("EXPORTER-pairspan-sa", context, 2 * length);
        assertKeys(suite, exported, 0, transcript.clientKeys.outbound());
        assertKeys(suite, exported, length, transcript.clientKeys.inbound());
        assertTrue(Ends.agree(transcript.clientKeys, transcript.serverKeys));
    }

    private static void assertKeys(Suite suite, byte[] exported, int from, TrafficKeys keys) {
        assertTrue(Ends.same(KeySchedule.trafficKeys(suite, exported, from), keys));
    }

    /** From the client's ephemeral key, which is among the numbers that it drew, and the server's share. */
    static byte[] sharedSecret(Transcript transcript, KeyExchange exchange) {
        byte[] client = transcript.flights.get(0).bytes();
        byte[] server = transcript.flights.get(1).bytes();
        for (byte[] drawn : transcript.clientCrypto.drawn()) {
            byte[] secret = exchange == KeyExchange.CURVE_SM2 ? sm2(drawn, client, server) : x25519(drawn, client, server);
            if (secret != null) {
                return secret;
            }
        }
        throw new AssertionError("none of the numbers drawn is the client's ephemeral key");
    }

    private static byte[] sm2(byte[] drawn, byte[] client, byte[] server) {
        X9ECParameters curve = GMNamedCurves.getByName("sm2p256v1");
        BigInteger scalar = new BigInteger(1, drawn);
        if (drawn.length != 32 || scalar.signum() == 0
            || indexOf(client, curve.getG().multiply(scalar).normalize().getEncoded(false)) < 0) {
            return null;
        }
        int share = indexOf(server, HEX.parseHex("0033004500290041")) + 8;
        return curve.getCurve().decodePoint(Arrays.copyOfRange(server, share, share + 65)).multiply(scalar).normalize()
            .getAffineXCoord().getEncoded();
    }

    private static byte[] x25519(byte[] drawn, byte[] client, byte[] server) {
        byte[] own = new byte[X25519.POINT_SIZE];
        if (drawn.length != X25519.SCALAR_SIZE) {
            return null;
        }
        X25519.scalarMultBase(drawn, 0, own, 0);
        if (indexOf(client, own) < 0) {
            return null;
        }
        int share = indexOf(server, HEX.parseHex("00330024001d0020")) + 8;
        byte[] secret = new byte[X25519.POINT_SIZE];
        X25519.calculateAgreement(drawn, 0, server, share, secret, 0);
        return secret;
    }

    static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        return -1;
    }

    /** The bytes that docs/protocols/handshake.md explains. */
    @Test
    void theSmHandshakeHasTheseMessages() {
        Transcript transcript = new Transcript(Suite.SM4_GCM, KeyExchange.CURVE_SM2);
        List<String> messages = transcript.messages.stream().map(HEX::formatHex).toList();
        assertEquals(List.of(
            "070001000000000100000000000000090000000016030100ca010000c60303cbbc48750debb8535093b3deaf88ac7f4cff87425576a58de2bac754acdb"
                + "461600000200c60100009b002b0003020304000a0004000200290033004700450029004104fa4e192f8e227396b5595914eaa4d2941f79621a846e"
                + "edc050f0bc84170b146a2e17114fb3c4a61d69d19d5e96842d31ac2cc7ac68afd6716432fea25560ff72002d00020101002900370012000c000000"
                + "030000000000000009000000000021206c301eb14cd6b848045a3347d63bf8aff5ccf02d1d919e2ea7479137380dcac4",
            "07000100000000010000000000000009000000cf16030300810200007d03039ee50aea7e52f17dc807488bbd631e368da3a3ad3d5a31ad4b0f04958136"
                + "6c4d0000c6000055002b00020304003300450029004104cdc3f4c5a54f9eeee25b430f3b3b0edd88cf92ce90c2a2cb0a01ee4aaa70933e67d1ee32"
                + "3c8c2ff5787d558f8ea3445a99a6b2504bf77f44a17af2bc8c5bc494002900020000140303000101170303001733d767b77a138c8be2a9954e206a"
                + "70df4e4bd444d714f817030300350af4ed34983ab3432ff29572ec70527e3014f61b693277cda46c6bb6a8a441066a1821cc7232f34b6ef837059c"
                + "427b60d17f20b8f0",
            "0700010000000001000000000000000900cf00e214030300010117030300352c83f6f4b2c7ac3003102724950267d21f2547901d5eff5f346cb481e675"
                + "390d9aaca4ce9ca9ce94171a5d44fa1a031f563bde3e2a",
            "0700010000000001000000000000000900e2010f"), messages);
    }
}
