package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.InTurn;
import org.pairspan.postgres.PostgresServer;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;

/** A key server whose PostgreSQL stalls, dies, and has no room left on its disk. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
@InTurn
class DatabaseFaultsTest {

    private static final int MEMBERS = 20;
    /** The request timeout, and what a busy machine adds. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(6);
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(40);
    private static final long ASK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final String DISK_SIZE = "150m";

    @TempDir
    static Path folder;
    private Path disk;
    private boolean mounted;
    private PostgresServer postgres;
    private KeyServer server;
    private final List<MemberClient> members = new ArrayList<>();
    private int pairsUsed;

    private record Pair(int one, int other) {
    }

    @BeforeAll
    void start() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK_SIZE, "tmpfs", disk.toString());
        postgres = PostgresServer.start(disk.resolve("postgres"));
        Installation installation = new Installation(folder, KeyKind.ECDSA_P256, 1);
        Files.writeString(installation.configuration(0), """
                pairspan.kms { journal { url = "%s", user = "%s", password = "%s" }, member-link { registration-timeout = 1 m, idle-timeout = 5 m } }
                """.formatted(postgres.jdbcUrl(), postgres.user(), postgres.password()), StandardOpenOption.APPEND);
        server = KeyServer.start(installation.configuration(0), System.out::println);
        for (int i = 0; i < MEMBERS; i++) {
            MemberClient member = new MemberClient(installation.member("member-" + i, "10." + i + ".0.0/16"), installation.memberLink(0), 1_000 + i);
            members.add(member);
            assertTrue(member.register(List.of("10." + i + ".0.0/16"), 1).hasRegistered());
        }
    }

    @AfterAll
    void stop() throws Exception {
        for (MemberClient member : members) {
            member.close();
        }
        if (server != null) {
            server.close();
        }
        if (postgres != null) {
            postgres.close();
        }
        if (mounted) {
            assertTrue(run("umount", disk.toString()));
        }
    }

    @Test
    void whileTheDatabaseStallsNewKeysAreRefusedInTimeAndKnownOnesServed() throws IOException {
        Pair known = fresh();
        Association before = granted(ask(known));
        postgres.freeze();
        try {
            for (int i = 0; i < 3; i++) {
                refusedInTime(fresh());
                assertEquals(before, granted(ask(known)));
            }
        } finally {
            postgres.thaw();
        }
        bothGetOneKey(fresh());
        assertEquals(before, granted(ask(known)));
    }

    @Test
    void aDatabaseThatDiedIsUsedAgainAsSoonAsItIsBackAndHasLostNothing() throws IOException {
        Pair known = fresh();
        Association before = granted(ask(known));
        postgres.kill();
        Pair waiting = fresh();
        refusedInTime(waiting);
        assertEquals(before, granted(ask(known)));
        postgres.restart();
        bothGetOneKey(waiting);
        bothGetOneKey(fresh());
        assertEquals(before, granted(ask(known)));
    }

    @Test
    void aDatabaseWithoutRoomRefusesNewKeysUntilThereIsRoomAgain() throws IOException {
        assumeTrue(mounted, "a disk of limited size needs root");
        Pair known = fresh();
        Association before = granted(ask(known));
        Path ballast = disk.resolve("ballast");
        fill(ballast);
        Pair refused = fresh();
        int stillStored = 0;
        while (ask(refused).hasKeyGrant()) {
            assertTrue(++stillStored < 100, "the disk is full, and keys are stored all the same");
            refused = fresh();
        }
        assertEquals(before, granted(ask(known)));
        Files.delete(ballast);
        if (ProcessHandle.of(postgres.pid()).isEmpty()) {
            postgres.restart();
        }
        bothGetOneKey(refused);
        bothGetOneKey(fresh());
    }

    /** A pair that was not asked for yet. */
    private Pair fresh() {
        int pair = pairsUsed++;
        int one = pair % MEMBERS;
        return new Pair(one, (one + pair / MEMBERS + 1) % MEMBERS);
    }

    private ServiceFrame ask(Pair pair) throws IOException {
        return members.get(pair.one).request("10." + pair.other + ".0.1", 0);
    }

    private void refusedInTime(Pair pair) throws IOException {
        long start = System.nanoTime();
        ServiceFrame answer = ask(pair);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertEquals(Refusal.Reason.UNAVAILABLE, answer.getRefusal().getReason(), answer::toString);
        assertTrue(took.compareTo(ANSWER_LIMIT) < 0, took::toString);
    }

    private void bothGetOneKey(Pair pair) throws IOException {
        long start = System.nanoTime();
        ServiceFrame answer = ask(pair);
        while (!answer.hasKeyGrant()) {
            assertEquals(Refusal.Reason.UNAVAILABLE, answer.getRefusal().getReason(), answer::toString);
            assertTrue(System.nanoTime() - start < RECOVERY_LIMIT.toNanos(), "no key within " + RECOVERY_LIMIT);
            LockSupport.parkNanos(ASK_AGAIN_NS);
            answer = ask(pair);
        }
        Association one = granted(answer);
        Association other = granted(ask(new Pair(pair.other, pair.one)));
        assertEquals(one.getPairKey(), other.getPairKey());
        assertEquals(one.getGeneration(), other.getGeneration());
    }

    private static void fill(Path ballast) throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertTrue(full.getMessage().contains("No space left"), full::toString);
        }
    }

    private static Association granted(ServiceFrame frame) {
        assertTrue(frame.hasKeyGrant(), frame::toString);
        return frame.getKeyGrant().getAssociation();
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    }
}
