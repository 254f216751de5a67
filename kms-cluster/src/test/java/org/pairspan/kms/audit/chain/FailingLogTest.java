package org.pairspan.kms.audit.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.config.ConfigurationException;

/** No sink, no service; and service again once there is a sink. */
class FailingLogTest {

    @TempDir
    Path folder;

    private final AtomicBoolean broken = new AtomicBoolean();
    private final AtomicInteger forces = new AtomicInteger();
    private volatile Hold hold;

    /** Where the writer waits within a sync, so that records come together behind it. */
    private record Hold(CountDownLatch reached, CountDownLatch released) {
        void pass() {
            reached.countDown();
            try {
                assertTrue(released.await(10, TimeUnit.SECONDS), "the writer was never let go");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Writes half of what it is given, then fails, while it is broken; waits before it syncs, while it is held. */
    private final class Fragile extends AppendFile {
        Fragile(AppendFile sound) {
            super(sound);
        }

        @Override
        void write(ByteBuffer bytes, long at) throws IOException {
            if (broken.get()) {
                super.write(bytes.slice(0, bytes.remaining() / 2), at);
                throw new IOException("No space left on device");
            }
            super.write(bytes, at);
        }

        @Override
        void force() throws IOException {
            forces.incrementAndGet();
            if (hold != null) {
                hold.pass();
            }
            super.force();
        }
    }

    @Test
    void whileNothingCanBeWrittenEveryRecordFailsAndAfterwardsTheChainIsWhole() throws IOException {
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256);
        try (ChainedAuditLog log = server.open(path -> new Fragile(AppendFile.open(path)))) {
            TestServer.write(log, 1, 3);
            broken.set(true);
            for (int attempt = 0; attempt < 5; attempt++) {
                CompletionException failure = assertThrows(CompletionException.class, () -> TestServer.write(log, 666, 666));
                assertTrue(failure.getMessage().contains("could not be written"), failure.getMessage());
            }
            assertEquals(5, log.status().getRefusals());
            broken.set(false);
            TestServer.write(log, 4, 6);
        }
        LogReport report = server.verify();
        assertTrue(report.fault().isEmpty(), report.toString());
        assertEquals(1, report.cuts());
        String text = Files.readString(server.file());
        assertFalse(text.contains("\"generation\":666"), "a record that was refused stands in the log");
        assertTrue(text.contains("\"generation\":3") && text.contains("\"generation\":4"));
    }

    @Test
    void aLogThatFailsForFiveSecondsTellsOnceAndOnceMoreWhenItDoesSoAgain() throws IOException {
        AtomicLong now = new AtomicLong();
        AtomicInteger told = new AtomicInteger();
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256).withClocks(TestServer.CLOCK, now::get);
        try (ChainedAuditLog log = server.open(path -> new Fragile(AppendFile.open(path)))) {
            log.onOutage(told::incrementAndGet);
            for (int outage = 1; outage <= 2; outage++) {
                long start = now.get();
                broken.set(true);
                failAt(log, now, start);
                failAt(log, now, start + 4_999_999_999L);
                assertEquals(outage - 1, told.get());
                assertFalse(log.isOut());
                failAt(log, now, start + 5_000_000_000L);
                failAt(log, now, start + 60_000_000_000L);
                assertTrue(log.tampering().isEmpty(), "a disk without room is nobody's fault");
                broken.set(false);
                TestServer.write(log, outage, outage);
                assertFalse(log.isOut());
                assertEquals(outage, told.get());
            }
        }
        assertTrue(server.verify().fault().isEmpty());
    }

    @Test
    void aLogThatRecoversAfterThreeSecondsTellsNobodyAndBeginsToCountAnew() throws IOException {
        AtomicLong now = new AtomicLong();
        AtomicInteger told = new AtomicInteger();
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256).withClocks(TestServer.CLOCK, now::get);
        try (ChainedAuditLog log = server.open(path -> new Fragile(AppendFile.open(path)))) {
            log.onOutage(told::incrementAndGet);
            for (long start = 0; start < 15_000_000_000L; start += 3_000_000_000L) {
                broken.set(true);
                failAt(log, now, start);
                failAt(log, now, start + 2_999_999_999L);
                broken.set(false);
                TestServer.write(log, 1, 1);
            }
            assertEquals(0, told.get());
        }
    }

    @Test
    void aLogThatNobodyWritesToTriesAgainByItself() throws Exception {
        AtomicLong now = new AtomicLong();
        CountDownLatch told = new CountDownLatch(1);
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256).withClocks(TestServer.CLOCK, now::get);
        try (ChainedAuditLog log = server.open(path -> new Fragile(AppendFile.open(path)))) {
            log.onOutage(told::countDown);
            broken.set(true);
            failAt(log, now, 0);
            now.set(5_000_000_000L);
            assertTrue(told.await(10, TimeUnit.SECONDS));
            assertTrue(log.isOut());
            broken.set(false);
            long start = System.nanoTime();
            while (log.isOut()) {
                assertTrue(System.nanoTime() - start < 10_000_000_000L, "still out");
                LockSupport.parkNanos(10_000_000);
            }
            assertEquals(log.status().getLastRecord(), log.status().getLastCheckpoint());
            assertEquals(1, log.status().getRefusals());
        }
        assertTrue(server.verify().fault().isEmpty());
    }

    private static void failAt(ChainedAuditLog log, AtomicLong clock, long ns) {
        clock.set(ns);
        assertThrows(CompletionException.class, () -> TestServer.write(log, 666, 666));
    }

    @Test
    void recordsThatWaitShareOneSync() throws Exception {
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256).syncing();
        try (ChainedAuditLog log = server.open(path -> new Fragile(AppendFile.open(path)))) {
            Hold hold = new Hold(new CountDownLatch(1), new CountDownLatch(1));
            this.hold = hold;
            List<CompletableFuture<Void>> records = new ArrayList<>();
            records.add(log.write(TestServer.record(1)).toCompletableFuture());
            assertTrue(hold.reached.await(10, TimeUnit.SECONDS));
            int before = forces.get();
            for (int number = 2; number <= 501; number++) {
                records.add(log.write(TestServer.record(number)).toCompletableFuture());
            }
            hold.released.countDown();
            CompletableFuture.allOf(records.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
            assertTrue(forces.get() - before <= 2, forces.get() - before + " syncs for 500 records");
        }
        assertTrue(server.verify().fault().isEmpty());
    }

    @Test
    void aHoleThatALossOfPowerLeftIsCutWithAllBehindItAndRecorded() throws IOException {
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256);
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 1, 60);
        }
        byte[] pages = Files.readAllBytes(server.file());
        assertTrue(pages.length > 3 * 4096, pages.length + " bytes");
        Arrays.fill(pages, 4096, 2 * 4096, (byte) 0);
        Files.write(server.file(), pages);
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 61, 62);
        }
        LogReport report = server.verify();
        assertTrue(report.fault().isEmpty(), report.toString());
        assertEquals(1, report.cuts());
        String text = Files.readString(server.file());
        assertTrue(text.contains("some of them never reached the disk"), text);
        assertTrue(text.contains("\"generation\":1,") && text.contains("\"generation\":62"), text);
        assertFalse(text.contains("\"generation\":60") || text.indexOf(0) >= 0, text);
    }

    @Test
    void aRecordThatWasChangedInFrontOfAHoleStillStopsTheStart() throws IOException {
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256);
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 1, 60);
        }
        byte[] pages = Files.readAllBytes(server.file());
        int changed = Files.readString(server.file()).indexOf("\"generation\":2,");
        pages[changed + "\"generation\":".length()] = '3';
        Arrays.fill(pages, 2 * 4096, 3 * 4096, (byte) 0);
        Files.write(server.file(), pages);
        assertThrows(ConfigurationException.class, server::open);
    }

    @Test
    void whatAnotherProcessAppendsIsCutAndRecorded() throws IOException {
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256);
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 1, 2);
            Files.writeString(server.file(), "forged\n", StandardOpenOption.APPEND);
            assertThrows(CompletionException.class, () -> TestServer.write(log, 3, 3));
            TestServer.write(log, 4, 4);
        }
        LogReport report = server.verify();
        assertTrue(report.fault().isEmpty(), report.toString());
        assertEquals(1, report.cuts());
    }

    @Test
    void aLogThatIsCutOrReplacedWhileItIsWrittenTakesNothingMore() throws IOException {
        TestServer server = new TestServer(folder, KeyKind.ECDSA_P256);
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 1, 2);
            byte[] whole = Files.readAllBytes(server.file());
            Files.write(server.file(), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
            assertThrows(CompletionException.class, () -> TestServer.write(log, 3, 3));
            assertThrows(CompletionException.class, () -> TestServer.write(log, 3, 3));
            assertTrue(log.tampering().orElseThrow().getMessage().contains("was cut while it was written"));
            // Put back as it was, it serves again.
            Files.write(server.file(), whole);
            TestServer.write(log, 4, 4);
            assertTrue(log.tampering().isEmpty());
            Files.move(server.file(), server.file().resolveSibling("moved"));
            assertThrows(CompletionException.class, () -> TestServer.write(log, 5, 5));
            assertThrows(CompletionException.class, () -> TestServer.write(log, 5, 5));
            assertTrue(log.tampering().orElseThrow().getMessage().contains("was taken away"));
            assertTrue(Files.notExists(server.file()), "a file in its place would look like a log that begins anew");
        }
    }

    @Test
    void aFullDiskRefusesAndRoomBringsServiceBack() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("log"));
        Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()) == 0, "mounting needs root");
        try {
            TestServer server = new TestServer(folder, KeyKind.ECDSA_P256);
            try (ChainedAuditLog log = server.open()) {
                int written = 0;
                CompletionException full = null;
                while (full == null) {
                    try {
                        TestServer.write(log, written + 1, written + 1);
                        written++;
                    } catch (CompletionException e) {
                        full = e;
                    }
                }
                assertTrue(written > 50 && written < 250, written + " records before " + full);
                assertThrows(CompletionException.class, () -> TestServer.write(log, 666, 667));
                assertEquals(0, run("mount", "-o", "remount,size=256k", disk.toString()));
                TestServer.write(log, 1000, 1010);
            }
            LogReport report = server.verify();
            assertTrue(report.fault().isEmpty(), report.toString());
            assertFalse(Files.readString(server.file()).contains("\"generation\":666"));
            // Not a fault of the configuration, which nobody would try again: the page that the log has begun has room, then there is none.
            assertThrows(IOException.class, () -> Files.write(disk.resolve("filler"), new byte[256 * 1024]));
            assertThrows(UncheckedIOException.class, () -> {
                for (int start = 0; start < 10; start++) {
                    server.open().close();
                }
            });
        } finally {
            assertEquals(0, run("umount", disk.toString()));
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }
}
