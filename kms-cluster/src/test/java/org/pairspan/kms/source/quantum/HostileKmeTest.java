package org.pairspan.kms.source.quantum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.config.KeySourceSettings.PeerCheck;
import org.pairspan.kms.config.KeySourceSettings.Quantum;
import org.pairspan.kms.etsi014.SunTls;
import org.pairspan.kms.source.KeySourceException;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.pki.CertificateAuthority;

/** The quantum key source against a KME that does everything wrong, one thing after another, over real TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileKmeTest {

    private static final Duration VALIDITY = Duration.ofDays(1);
    /** Long: this machine may be busy. Tests of the limit itself have a short one. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    static Path folder;
    private final ActorTestKit testKit = ActorTestKit.create();
    private final SecureRandom random = new SecureRandom();
    private HostileKme kme;

    @BeforeAll
    void start() throws IOException, GeneralSecurityException {
        for (String authority : List.of("authority", "other")) {
            CertificateAuthority issuer = CertificateAuthority.create(authority, KeyKind.ECDSA_P256, VALIDITY.multipliedBy(2), Clock.systemUTC());
            issuer.own().write(folder, authority);
            issuer.issueMember("sae-of-" + authority, KeyKind.ECDSA_P256, List.of(), VALIDITY).write(folder, "sae-of-" + authority);
            issuer.issueKms("kme", KeyKind.ECDSA_P256, List.of("127.0.0.1"), VALIDITY).write(folder, "kme-of-" + authority);
        }
        kme = new HostileKme(SunTls.context(folder, "kme-of-authority", "authority"));
    }

    @AfterAll
    void stop() {
        kme.close();
        testKit.shutdownTestKit();
    }

    @Test
    void anHonestAnswerIsTakenAndTheQuestionIsTheStandards() {
        kme.behave(HostileKme.answering(200, container(32, 1)));
        try (QuantumKeySource source = open(settings("sae-of-authority", "authority", kme.url()))) {
            assertEquals(32, source.next().toCompletableFuture().join().bytes().length);
            assertEquals(Map.of(), source.counters().failures());
        }
        assertEquals("POST /api/v1/keys/slave-1/enc_keys", kme.lastPath());
        assertEquals("{\"number\":1,\"size\":256}", kme.lastQuestion());
    }

    @Test
    void statusesThatAreNotSuccessAreToldApart() {
        Map<Integer, KmeFailure> statuses = Map.of(400, KmeFailure.BAD_REQUEST, 401, KmeFailure.UNAUTHORIZED, 503, KmeFailure.UNAVAILABLE,
                302, KmeFailure.REDIRECT, 404, KmeFailure.STATUS, 204, KmeFailure.STATUS);
        statuses.forEach((status, expected) -> {
            kme.behave(exchange -> {
                exchange.getResponseHeaders().add("Location", kme.url() + "/elsewhere");
                exchange.sendResponseHeaders(status, -1);
            });
            refused(expected);
        });
        assertEquals("POST /api/v1/keys/slave-1/enc_keys", kme.lastPath());
    }

    @Test
    void nonsenseIsRefused() {
        for (String nonsense : List.of("", "not JSON", "[]", "{\"keys\":[]}", "{\"keys\":[{\"key_ID\":\"x\",\"key\":\"AAAA\"}]}",
                container(32, 1).replace("\"key\":\"", "\"key\":\"*"), container(32, 1) + "x")) {
            kme.behave(HostileKme.answering(200, nonsense));
            refused(KmeFailure.MALFORMED);
        }
        kme.behave(exchange -> {
            byte[] page = container(32, 1).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        });
        refused(KmeFailure.MALFORMED);
    }

    @Test
    void keysOfAnotherLengthOrNumberAreRefused() {
        kme.behave(HostileKme.answering(200, container(16, 1)));
        refused(KmeFailure.WRONG_LENGTH);
        kme.behave(HostileKme.answering(200, container(33, 1)));
        refused(KmeFailure.WRONG_LENGTH);
        kme.behave(HostileKme.answering(200, container(32, 2)));
        refused(KmeFailure.TOO_MANY);
    }

    @Test
    void aRepeatedAnswerIsRefused() {
        kme.behave(HostileKme.answering(200, container(32, 1)));
        try (QuantumKeySource source = open(settings("sae-of-authority", "authority", kme.url()))) {
            source.next().toCompletableFuture().join();
            assertThrows(CompletionException.class, () -> source.next().toCompletableFuture().join());
            assertEquals(Map.of("REPEATED", 1L), source.counters().failures());
        }
    }

    @Test
    void anEndlessAnswerIsCutOff() {
        kme.behave(exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            byte[] much = " ".repeat(8192).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 1000; i++) {
                exchange.getResponseBody().write(much);
            }
        });
        refused(KmeFailure.TOO_LARGE);
        kme.behave(exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 1L << 40);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        });
        refused(KmeFailure.TOO_LARGE);
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForLonger() {
        CountDownLatch never = new CountDownLatch(1);
        Quantum impatient = settings("sae-of-authority", "authority", kme.url(), Duration.ofMillis(500));
        kme.behave(exchange -> never.await());
        refused(KmeFailure.TIMEOUT, impatient);
        kme.behave(exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            never.await();
        });
        refused(KmeFailure.TIMEOUT, impatient);
        never.countDown();
    }

    @Test
    void nobodyAtTheAddressIsNoConnection() {
        refused(KmeFailure.CONNECTION, settings("sae-of-authority", "authority", URI.create("https://127.0.0.1:1")));
    }

    @Test
    void aKmeOfAnotherAuthorityOrAnotherNameIsNotBelieved() {
        kme.behave(HostileKme.answering(200, container(32, 1)));
        refused(KmeFailure.TLS, settings("sae-of-authority", "other", kme.url()));
        refused(KmeFailure.TLS, settings("sae-of-authority", "authority", URI.create(kme.url().toString().replace("127.0.0.1", "localhost"))));
    }

    @Test
    void aKeyOfAnotherCertificateStopsTheStart() {
        Quantum good = settings("sae-of-authority", "authority", kme.url());
        Quantum mixed = new Quantum(good.url(), good.slaveSae(), good.certificate(), folder.resolve("sae-of-other.key"), good.authority(),
                good.peerCheck(), 1, 0, TIMEOUT, 65_536, TIMEOUT);
        assertThrows(ConfigurationException.class, () -> QuantumKeySources.open(testKit.system(), mixed));
    }

    private void refused(KmeFailure expected) {
        refused(expected, settings("sae-of-authority", "authority", kme.url()));
    }

    private void refused(KmeFailure expected, Quantum settings) {
        try (QuantumKeySource source = open(settings)) {
            Throwable failure = assertThrows(CompletionException.class, () -> source.next().toCompletableFuture().join()).getCause();
            assertInstanceOf(KeySourceException.class, failure);
            // On a busy machine who asks may lose patience before the source hears what became of its question.
            while (source.counters().failures().isEmpty()) {
                LockSupport.parkNanos(1_000_000);
                assertFalse(Thread.interrupted(), failure::getMessage);
            }
            assertEquals(Map.of(expected.name(), 1L), source.counters().failures(), failure::getMessage);
            assertEquals(0, source.ready());
        }
    }

    private QuantumKeySource open(Quantum settings) {
        return QuantumKeySources.open(testKit.system(), settings);
    }

    /** Nothing is fetched ahead; a caller waits longer than one question takes. */
    private static Quantum settings(String name, String authority, URI url) {
        return settings(name, authority, url, TIMEOUT);
    }

    private static Quantum settings(String name, String authority, URI url, Duration timeout) {
        return new Quantum(url, "slave-1", folder.resolve(name + ".crt"), folder.resolve(name + ".key"), folder.resolve(authority + ".crt"),
                PeerCheck.HOST_NAME, 4, 0, timeout, 65_536, Duration.ofMinutes(1));
    }

    private String container(int bytes, int number) {
        StringBuilder keys = new StringBuilder();
        for (int i = 0; i < number; i++) {
            byte[] key = new byte[bytes];
            random.nextBytes(key);
            keys.append(i == 0 ? "" : ",").append("{\"key_ID\":\"").append(UUID.randomUUID()).append("\",\"key\":\"")
                    .append(Base64.getEncoder().encodeToString(key)).append("\"}");
        }
        return "{\"keys\":[" + keys + "]}";
    }
}
