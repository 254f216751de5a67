package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.InTurn;
import org.pairspan.kms.etsi014.KeyContainer;
import org.pairspan.kms.etsi014.SunTls;
import org.pairspan.runtime.certificate.KeyKind;

/** Two key servers of one service, where each key goes out strictly once. */
@InTurn
class DeliveryClusterTest {

    private static final int KEYS = 20;

    @TempDir
    Path folder;

    @Test
    void aKeyThatTwoServersAreAskedForAtOnceGoesOutOnceAndSurvivesTheDeathOfTheServerThatStoredIt() throws Exception {
        Installation installation = new Installation(folder, KeyKind.ECDSA_P256, 2);
        List<InetSocketAddress> ports = List.of(Installation.freePort(), Installation.freePort());
        for (int i = 0; i < ports.size(); i++) {
            Files.writeString(installation.configuration(i), """
                    pairspan.kms.etsi-014 {
                      enabled = true, host = "127.0.0.1", port = %d, redelivery-window = 0 s, saes = ["a", "b"]
                    }
                    """.formatted(ports.get(i).getPort()), StandardOpenOption.APPEND);
        }
        installation.member("a");
        installation.member("b");
        KeyServer first = KeyServer.start(installation.configuration(0), System.out::println);
        try (KeyServer second = KeyServer.start(installation.configuration(1), System.out::println); SaeClient master = client("a", ports.get(0));
                SaeClient slaveAtFirst = client("b", ports.get(0)); SaeClient slaveAtSecond = client("b", ports.get(1))) {
            KeyContainer taken = SaeClient.keys(master.get("b/enc_keys?number=" + KEYS));
            List<SaeClient> slaves = List.of(slaveAtFirst, slaveAtSecond);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (KeyContainer.Key key : taken.keys()) {
                    CyclicBarrier together = new CyclicBarrier(slaves.size());
                    List<Future<HttpResponse<String>>> answers = new ArrayList<>();
                    for (SaeClient slave : slaves) {
                        answers.add(threads.submit((Callable<HttpResponse<String>>) () -> {
                            together.await();
                            return slave.get("a/dec_keys?key_ID=" + key.id());
                        }));
                    }
                    List<HttpResponse<String>> got = List.of(answers.get(0).get(), answers.get(1).get());
                    assertEquals(List.of(200, 400), got.stream().map(HttpResponse::statusCode).sorted().toList());
                    HttpResponse<String> one = got.get(0).statusCode() == 200 ? got.get(0) : got.get(1);
                    assertArrayEquals(key.bytes(), SaeClient.keys(one).keys().getFirst().bytes());
                }
            }
            KeyContainer kept = SaeClient.keys(master.get("b/enc_keys"));
            first.close();
            byte[] again = null;
            while (again == null) {
                HttpResponse<String> answer = slaveAtSecond.post("a/dec_keys", SaeClient.keyIds(kept));
                assertTrue(List.of(200, 503).contains(answer.statusCode()), answer::body);
                again = answer.statusCode() == 200 ? SaeClient.keys(answer).keys().getFirst().bytes() : null;
            }
            assertArrayEquals(kept.keys().getFirst().bytes(), again);
        } finally {
            first.close();
        }
    }

    private SaeClient client(String id, InetSocketAddress address) throws IOException {
        try {
            return new SaeClient(SunTls.context(folder, id, "authority"), address);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }
}
