package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pairspan.kms.InTurn;
import org.pairspan.kms.etsi014.KeyContainer;
import org.pairspan.kms.etsi014.SunTls;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;

/** ETSI GS QKD 014 clause by clause, with the JDK's HTTP client over mutual TLS against a real key server. Each test has SAEs of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@InTurn
class KeyDeliveryTest {

    private static final int MOST_WAITING = 20;

    @TempDir
    static Path folder;
    private final List<SaeClient> clients = new ArrayList<>();
    private Installation installation;
    private InetSocketAddress address;
    private KeyServer server;

    @BeforeAll
    void start() throws IOException {
        installation = new Installation(folder, KeyKind.ECDSA_P256, 1);
        address = Installation.freePort();
        List<String> saes = new ArrayList<>();
        for (String test : List.of("flow", "many", "once", "group", "bad", "status", "full", "named", "rules", "audit", "sealed", "http", "flood",
                "greedy")) {
            saes.addAll(List.of(test + "-a", test + "-b", test + "-c"));
        }
        Files.writeString(installation.configuration(0), """
                pairspan.kms.etsi-014 {
                  enabled = true, host = "127.0.0.1", port = %d, kme-id = "kme-1", max-key-count = %d, max-additional-slaves = 2
                  saes = [%s]
                }
                """.formatted(address.getPort(), MOST_WAITING, saes.stream().map(sae -> '"' + sae + '"').collect(Collectors.joining(", "))),
                StandardOpenOption.APPEND);
        server = KeyServer.start(installation.configuration(0), System.out::println);
    }

    @AfterAll
    void stop() {
        clients.forEach(SaeClient::close);
        server.close();
    }

    @Test
    void aMasterTakesAKeyAndItsSlaveGetsTheSame() throws Exception {
        KeyContainer taken = SaeClient.keys(sae("flow-a").get("flow-b/enc_keys"));
        assertEquals(1, taken.keys().size());
        assertEquals(32, taken.keys().getFirst().bytes().length);
        UUID id = taken.keys().getFirst().id();
        assertEquals(4, id.version());
        KeyContainer got = SaeClient.keys(sae("flow-b").get("flow-a/dec_keys?key_ID=" + id));
        assertSame(taken, got);
    }

    @Test
    void numberAndSizeAreAsAskedForByGetAndByPost() throws Exception {
        SaeClient master = sae("many-a");
        KeyContainer byGet = SaeClient.keys(master.get("many-b/enc_keys?number=3&size=512"));
        KeyContainer byPost = SaeClient.keys(master.post("many-b/enc_keys", "{\"number\":2,\"size\":136,\"extension_optional\":[{\"x\":1}]}"));
        KeyContainer byDefault = SaeClient.keys(master.post("many-b/enc_keys", ""));
        assertEquals(List.of(64, 64, 64), byGet.keys().stream().map(key -> key.bytes().length).toList());
        assertEquals(List.of(17, 17), byPost.keys().stream().map(key -> key.bytes().length).toList());
        assertEquals(List.of(32), byDefault.keys().stream().map(key -> key.bytes().length).toList());
        assertEquals(6, List.of(byGet, byPost, byDefault).stream().flatMap(container -> container.keys().stream())
                .map(key -> HexFormat.of().formatHex(key.bytes())).distinct().count());
        SaeClient slave = sae("many-b");
        assertSame(byGet, SaeClient.keys(slave.post("many-a/dec_keys", SaeClient.keyIds(byGet))));
        assertSame(byPost, SaeClient.keys(slave.post("many-a/dec_keys", SaeClient.keyIds(byPost))));
    }

    @Test
    void aRetryAfterALostAnswerGetsTheSameKeyAndAnotherNever() throws Exception {
        KeyContainer taken = SaeClient.keys(sae("once-a").get("once-b/enc_keys"));
        String ids = SaeClient.keyIds(taken);
        assertSame(taken, SaeClient.keys(sae("once-b").post("once-a/dec_keys", ids)));
        assertSame(taken, SaeClient.keys(sae("once-b").post("once-a/dec_keys", ids)));
        assertEquals(401, sae("once-c").post("once-a/dec_keys", ids).statusCode());
        assertTrue(audit().contains("dec_keys, delivered again: " + taken.keys().getFirst().id()));
    }

    @Test
    void severalSlavesOfOneKeyEachGetIt() throws Exception {
        KeyContainer taken = SaeClient.keys(sae("group-a").post("group-b/enc_keys", "{\"additional_slave_SAE_IDs\":[\"group-c\"]}"));
        assertSame(taken, SaeClient.keys(sae("group-b").post("group-a/dec_keys", SaeClient.keyIds(taken))));
        assertSame(taken, SaeClient.keys(sae("group-c").post("group-a/dec_keys", SaeClient.keyIds(taken))));
        assertError(400, "no more additional_slave_SAE_IDs than 2",
                sae("group-a").post("group-b/enc_keys", "{\"additional_slave_SAE_IDs\":[\"group-c\",\"flow-a\",\"flow-b\"]}"));
        assertError(400, "shall all be different", sae("group-a").post("group-b/enc_keys", "{\"additional_slave_SAE_IDs\":[\"group-b\"]}"));
    }

    @Test
    void unknownKeysAre400AndKeysOfOthers401WithoutABody() throws Exception {
        SaeClient slave = sae("named-b");
        assertError(400, "one or more keys specified are not found on KME", slave.get("named-a/dec_keys?key_ID=" + UUID.randomUUID()));
        KeyContainer mine = SaeClient.keys(sae("named-a").get("named-b/enc_keys"));
        KeyContainer others = SaeClient.keys(sae("named-a").get("named-c/enc_keys"));
        HttpResponse<String> refused = slave.get("named-a/dec_keys?key_ID=" + others.keys().getFirst().id());
        assertEquals(401, refused.statusCode());
        assertEquals("", refused.body());
        assertEquals(401, slave.post("named-a/dec_keys", SaeClient.keyIds(new KeyContainer(
                List.of(mine.keys().getFirst(), others.keys().getFirst())))).statusCode());
        assertSame(mine, SaeClient.keys(slave.post("named-a/dec_keys", SaeClient.keyIds(mine))));
        assertError(400, "SAE is not known here", sae("named-a").get("stranger/enc_keys"));
    }

    @Test
    void whoIsRefusedTooOftenForARecordEachIsToldTheSame() throws Exception {
        SaeClient slave = sae("flood-b");
        for (int i = 0; i < 105; i++) {
            assertError(400, "one or more keys specified are not found on KME", slave.get("flood-a/dec_keys?key_ID=" + UUID.randomUUID()));
        }
    }

    @Test
    void anSaeThatOpensTooManyConnectionsLosesItsOldest() throws Exception {
        TlsContexts greedy = installation.member("greedy-a");
        List<SSLSocket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 33; i++) {
                open.add(greedy.connect(address, Role.KMS, Duration.ofSeconds(10)));
            }
            // Less than the time a connection may take to its first request.
            open.getFirst().setSoTimeout(5_000);
            assertTrue(isClosed(open.getFirst()));
            SaeClient.keys(sae("greedy-b").get("greedy-c/enc_keys"));
        } finally {
            for (SSLSocket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void statusTellsTheTruth() throws Exception {
        SaeClient master = sae("status-a");
        HttpResponse<String> before = master.get("status-b/status");
        assertEquals(200, before.statusCode());
        assertEquals("application/json", before.headers().firstValue("Content-Type").orElseThrow());
        assertEquals(List.of("kme-1", "kme-1", "status-a", "status-b", "256", "20", "20", "128", "1024", "128", "2"),
                List.of("source_KME_ID", "target_KME_ID", "master_SAE_ID", "slave_SAE_ID", "key_size", "stored_key_count", "max_key_count",
                        "max_key_per_request", "max_key_size", "min_key_size", "max_SAE_ID_count").stream()
                        .map(name -> SaeClient.value(before, name)).toList());
        KeyContainer taken = SaeClient.keys(master.get("status-b/enc_keys?number=7"));
        assertEquals("13", SaeClient.value(master.get("status-b/status"), "stored_key_count"));
        SaeClient.keys(sae("status-b").post("status-a/dec_keys", SaeClient.keyIds(taken)));
        assertEquals("20", SaeClient.value(master.get("status-b/status"), "stored_key_count"));
    }

    @Test
    void noMoreKeysThanTheMostWaitForASlave() throws Exception {
        SaeClient master = sae("full-a");
        SaeClient.keys(master.get("full-b/enc_keys?number=" + MOST_WAITING));
        assertError(503, "0 more can be had now", master.get("full-b/enc_keys"));
        assertEquals(1, SaeClient.keys(master.get("full-c/enc_keys")).keys().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"size\":257}|size shall be a multiple of 8", "{\"size\":64}|size shall be from 128 to 1024", "{\"size\":2048}|size shall be from 128 to 1024",
        "{\"number\":0}|number shall be from 1 to 128", "{\"number\":129}|number shall be from 1 to 128", "{\"number\":\"1\"}|number shall be an integer",
        "{\"extension_mandatory\":[{\"a\":1},{\"b\":2}]}|not all extension_mandatory parameters are supported", "nonsense|the message shall be JSON",
        "{\"number\":1} {}|nothing shall follow",
    })
    void whatTheStandardForbidsIsRefusedInItsWords(String requestAndMessage) throws Exception {
        String[] parts = requestAndMessage.split("\\|");
        assertError(400, parts[1], sae("rules-a").post("rules-b/enc_keys", parts[0]));
    }

    @Test
    void whatGetCannotSayIsRefused() throws Exception {
        SaeClient sae = sae("bad-a");
        assertError(400, "GET knows number and size only", sae.get("bad-b/enc_keys?additional_slave_SAE_IDs=bad-c"));
        assertError(400, "number shall be a positive integer", sae.get("bad-b/enc_keys?number=x"));
        assertError(400, "key_ID is missing", sae.get("bad-b/dec_keys"));
        assertError(400, "key_ID shall be a UUID", sae.get("bad-b/dec_keys?key_ID=1"));
        assertError(400, "key_IDs shall not be empty", sae.post("bad-b/dec_keys", "{\"key_IDs\":[]}"));
        assertError(400, "the caller's own", sae.get("bad-a/enc_keys"));
        String id = "{\"key_ID\":\"" + UUID.randomUUID() + "\"}";
        assertError(400, "shall all be different", sae.post("bad-b/dec_keys", "{\"key_IDs\":[" + id + ',' + id + "]}"));
        assertError(400, "Content-Type", sae.post("bad-b/enc_keys", "application/x-www-form-urlencoded", "number=1"));
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        SaeClient sae = sae("http-a");
        assertError(404, "nothing at this path", sae.get("http-b/keys"));
        assertError(404, "nothing at this path", sae.get("http-b/enc_keys/x"));
        assertError(405, "method", sae.post("http-b/status", "{}"));
        assertError(405, "method", sae.send("DELETE", "http-b/enc_keys"));
        assertEquals("GET,POST", sae.send("PUT", "http-b/enc_keys").headers().firstValue("Allow").orElseThrow().replace(" ", ""));
        assertError(400, "the body shall come whole", sae.post("http-b/enc_keys", " ".repeat(200_000)));
        assertEquals(200, sae("http-a").get("http-b/status").statusCode());
    }

    @Test
    void whoeverHasNoCertificateOrAnothersGetsNowhere() throws Exception {
        assertThrows(IOException.class, () -> client("kms-1").get("flow-b/status"));
        Path other = Files.createDirectories(folder.resolve("other"));
        new Installation(other, KeyKind.ECDSA_P256, 1).member("flow-a");
        Files.copy(folder.resolve("authority.crt"), other.resolve("service.crt"));
        try (SaeClient foreign = new SaeClient(SunTls.context(other, "flow-a", "service"), address)) {
            assertThrows(IOException.class, () -> foreign.get("flow-b/status"));
        }
    }

    @Test
    void everyKeyIsOnRecordBeforeItGoesOut() throws Exception {
        KeyContainer taken = SaeClient.keys(sae("audit-a").get("audit-b/enc_keys?number=15&size=128"));
        String log = audit();
        for (KeyContainer.Key key : taken.keys()) {
            assertTrue(log.lines().anyMatch(line -> line.contains("key-delivered") && line.contains("\"audit-a\"") && line.contains("\"audit-b\"")
                    && line.contains("made of [random]") && line.contains(key.id().toString())), () -> "no record of " + key.id());
        }
        SaeClient.keys(sae("audit-b").post("audit-a/dec_keys", SaeClient.keyIds(taken)));
        assertEquals(401, sae("audit-c").post("audit-a/dec_keys", SaeClient.keyIds(taken)).statusCode());
        assertTrue(audit().contains("dec_keys refused: it is no slave of every key"));
    }

    @Test
    void theJournalHoldsNoKeyInClear() throws Exception {
        byte[] key = SaeClient.keys(sae("sealed-a").get("sealed-b/enc_keys")).keys().getFirst().bytes();
        String needle = new String(key, StandardCharsets.ISO_8859_1);
        for (String file : new String[] {"journal.db", "journal.db-wal", "audit-kms-1.jsonl"}) {
            assertEquals(-1, new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.ISO_8859_1).indexOf(needle), file);
        }
        assertNotEquals(0, key.length);
    }

    private static boolean isClosed(SSLSocket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private SaeClient sae(String id) throws IOException, GeneralSecurityException {
        if (!Files.exists(folder.resolve(id + ".crt"))) {
            installation.member(id);
        }
        return client(id);
    }

    private SaeClient client(String id) throws IOException, GeneralSecurityException {
        SaeClient client = new SaeClient(SunTls.context(folder, id, "authority"), address);
        clients.add(client);
        return client;
    }

    private static String audit() throws IOException {
        return Files.readString(folder.resolve("audit-kms-1.jsonl"));
    }

    private static void assertSame(KeyContainer one, KeyContainer other) {
        assertEquals(one.keys().stream().map(KeyContainer.Key::id).toList(), other.keys().stream().map(KeyContainer.Key::id).toList());
        for (int i = 0; i < one.keys().size(); i++) {
            assertArrayEquals(one.keys().get(i).bytes(), other.keys().get(i).bytes());
        }
    }

    private static void assertError(int status, String message, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer::body);
        assertTrue(answer.body().startsWith("{\"message\":\"") && answer.body().contains(message), answer::body);
    }
}
