package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.kms.etsi014.SunTls;
import org.pairspan.kms.revocation.MembersMXBean;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.tls.TlsContexts;

/** A revocation at one server holds at the other, and at one that starts later. */
@Isolated("its bound on time is tight")
class RevocationOfTwoServersTest {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    /** A second, and two for a machine that has other things to do. */
    private static final long WITHIN_MS = 3_000;

    @TempDir
    Path folder;

    @Test
    void whoIsRevokedAtOneServerIsRefusedByTheOtherWithinSecondsAndAfterARestartFromItsFirstAnswerOn() throws Exception {
        Installation installation = new Installation(folder, KeyKind.ECDSA_P256, 2);
        List<InetSocketAddress> etsi = List.of(Installation.freePort(), Installation.freePort());
        for (int i = 0; i < etsi.size(); i++) {
            Files.writeString(installation.configuration(i), """
                    pairspan.kms.etsi-014 { enabled = true, host = "127.0.0.1", port = %d, saes = ["sae-a", "sae-b"] }
                    """.formatted(etsi.get(i).getPort()), StandardOpenOption.APPEND);
        }
        installation.member("sae-a");
        installation.member("sae-b");
        TlsContexts lost = installation.member("two-b", "10.2.0.0/16");
        CompletableFuture<KeyServer> starting = installation.starting(1);
        try (KeyServer first = KeyServer.start(installation.configuration(0), System.out::println); SaeClient saeA = client("sae-a", etsi.get(1))) {
            try (KeyServer second = starting.join(); SaeClient saeB = client("sae-b", etsi.get(1));
                    MemberClient b = new MemberClient(lost, installation.memberLink(1), 1);
                    MemberClient c = new MemberClient(installation.member("two-c", "10.3.0.0/16"), installation.memberLink(1), 2)) {
                assertTrue(first != second);
                assertTrue(b.register(List.of("10.2.0.0/16"), 1).hasRegistered());
                assertTrue(c.register(List.of("10.3.0.0/16"), 1).hasRegistered());
                int number = c.request("10.2.0.1", 0).getKeyGrant().getAssociation().getPeerNumber();
                assertEquals(200, saeA.get("sae-b/enc_keys").statusCode());
                assertEquals(200, saeB.get("sae-a/enc_keys").statusCode());

                long start = System.nanoTime();
                assertTrue(bean("kms-1").revoke("test", "two-b", "stolen").startsWith("two-b, number " + number));
                assertTrue(bean("kms-1").revoke("test", "sae-b", "stolen, too").startsWith("sae-b, never registered"));
                await(() -> c.revoked().contains(number));
                assertTrue(b.isClosedByService());
                assertEquals(Refusal.Reason.MEMBER_REVOKED, reason(c.request("10.2.0.1", 0)));
                await(() -> saeB.get("sae-a/enc_keys").statusCode() == 401);
                assertEquals(400, saeA.get("sae-b/enc_keys").statusCode());
                long tookMs = (System.nanoTime() - start) / 1_000_000;
                System.out.println("RevocationOfTwoServersTest: refused at the other server within " + tookMs + " ms");
                assertTrue(tookMs < WITHIN_MS, () -> tookMs + " ms");
            }
            CompletableFuture<KeyServer> again = installation.starting(1);
            try (SaeClient saeB = client("sae-b", etsi.get(1))) {
                int[] answer = new int[1];
                await(() -> {
                    assertTrue(!again.isCompletedExceptionally(), again::toString);
                    OptionalInt status = status(saeB);
                    status.ifPresent(given -> answer[0] = given);
                    return status.isPresent();
                });
                assertEquals(401, answer[0], "the first answer of the server that started");
                assertEquals(400, saeA.get("sae-b/enc_keys").statusCode());
                try (MemberClient b = new MemberClient(lost, installation.memberLink(1), 3)) {
                    assertEquals(Refusal.Reason.MEMBER_REVOKED, reason(b.register(List.of("10.2.0.0/16"), 1)));
                }
            } finally {
                again.join().close();
            }
        }
    }

    /** Empty where nobody listens yet. */
    private static OptionalInt status(SaeClient client) {
        try {
            return OptionalInt.of(client.get("sae-a/enc_keys").statusCode());
        } catch (IOException notYet) {
            return OptionalInt.empty();
        }
    }

    private SaeClient client(String id, InetSocketAddress address) throws IOException, GeneralSecurityException {
        return new SaeClient(SunTls.context(folder, id, "authority"), address);
    }

    private static MembersMXBean bean(String server) throws Exception {
        return JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(), new ObjectName("org.pairspan:type=Members,name=" + server),
                MembersMXBean.class);
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.call()) {
            assertTrue(System.nanoTime() - start < LIMIT.toNanos(), "not within " + LIMIT);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static Refusal.Reason reason(ServiceFrame frame) {
        assertTrue(frame.hasRefusal(), frame::toString);
        return frame.getRefusal().getReason();
    }
}
