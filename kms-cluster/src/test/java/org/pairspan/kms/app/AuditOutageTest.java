package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.InTurn;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.config.ConfigurationException;

/** No audit record, no service; but by another server. */
@InTurn
class AuditOutageTest {

    /** Five seconds of failing, and as much to hand over; and more for a machine that has other things to do. */
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int MEMBERS = 6;

    @TempDir
    Path folder;

    @Test
    void aServerWhoseLogFailsLeavesAndTheOtherServesItsPairs() throws Exception {
        Installation installation = new Installation(folder, KeyKind.ECDSA_P256, 2);
        CompletableFuture<KeyServer> starting = installation.starting(1);
        List<MemberClient> members = new ArrayList<>();
        try (KeyServer broken = KeyServer.start(installation.configuration(0), System.out::println); KeyServer sound = starting.join()) {
            for (int number = 0; number < MEMBERS; number++) {
                MemberClient member = new MemberClient(installation.member("m-" + number, prefix(number)), installation.memberLink(1), number + 1);
                members.add(member);
                assertTrue(member.register(List.of(prefix(number)), 1).hasRegistered());
            }
            Files.move(folder.resolve("audit-kms-1.jsonl"), folder.resolve("lost.jsonl"));
            long start = System.nanoTime();
            Set<String> refused = refused(members);
            assertFalse(refused.isEmpty(), "each pair is at the server that works");
            for (Set<String> now = refused; !now.isEmpty(); now = refused(members)) {
                assertTrue(System.nanoTime() - start < LIMIT.toNanos(), now + " are refused after " + LIMIT);
                LockSupport.parkNanos(100_000_000);
            }
            System.out.printf("AuditOutageTest: %d pairs were refused, all are served after %.1f s%n", refused.size(),
                    (System.nanoTime() - start) / 1e9);
            ExecutionException end = assertThrows(ExecutionException.class,
                    () -> broken.whenTerminated().toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS));
            assertInstanceOf(ConfigurationException.class, end.getCause(), "started again by itself, it would begin another log");
            assertFalse(sound.whenTerminated().toCompletableFuture().isDone());
        } finally {
            for (MemberClient member : members) {
                member.close();
            }
        }
    }

    /** Asks for the key of each pair. */
    private static Set<String> refused(List<MemberClient> members) throws IOException {
        Set<String> refused = new HashSet<>();
        for (int one = 0; one < MEMBERS; one++) {
            for (int other = one + 1; other < MEMBERS; other++) {
                ServiceFrame answer = members.get(one).request("10." + other + ".0.1", 0);
                if (!answer.hasKeyGrant()) {
                    refused.add(one + "~" + other);
                }
            }
        }
        return refused;
    }

    private static String prefix(int number) {
        return "10." + number + ".0.0/16";
    }
}
