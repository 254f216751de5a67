package org.pairspan.kms.audit.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.runtime.certificate.KeyKind;

/** A sink that neither takes a record nor refuses it, as a file system whose server is gone, is no sink. */
@Timeout(60)
class HangingLogTest {

    private static final long OUT_AFTER_NS = 5_000_000_000L;

    @TempDir
    Path folder;

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger told = new AtomicInteger();
    private final CountDownLatch toldOnce = new CountDownLatch(1);
    private final CountDownLatch hanging = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean fails;
    private volatile boolean hangs;
    private volatile boolean breaks;

    /** Does not come back from writing while it hangs, and fails before, or afterwards, while it is to. */
    private final class Stuck extends AppendFile {
        Stuck(AppendFile sound) {
            super(sound);
        }

        @Override
        void write(ByteBuffer bytes, long at) throws IOException {
            if (fails && !hangs) {
                throw new IOException("no answer");
            }
            if (hangs) {
                hanging.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            if (breaks) {
                throw new IOException("stale file handle");
            }
            super.write(bytes, at);
        }
    }

    private TestServer server() throws IOException {
        return new TestServer(folder, KeyKind.ECDSA_P256).withClocks(TestServer.CLOCK, now::get);
    }

    private ChainedAuditLog open(TestServer server) {
        ChainedAuditLog log = server.open(path -> new Stuck(AppendFile.open(path)));
        log.onOutage(() -> {
            told.incrementAndGet();
            toldOnce.countDown();
        });
        return log;
    }

    private CompletableFuture<Void> hang(ChainedAuditLog log, int number) throws InterruptedException {
        hangs = true;
        CompletableFuture<Void> inHand = log.write(TestServer.record(number)).toCompletableFuture();
        hanging.await();
        return inHand;
    }

    private void release(ChainedAuditLog log) {
        fails = false;
        hangs = false;
        released.countDown();
        while (log.isOut()) {
            assertFalse(Thread.interrupted(), "still out");
            Thread.onSpinWait();
        }
    }

    private static void awaitRefusal(CompletableFuture<Void> record) {
        ExecutionException failure = assertThrows(ExecutionException.class, () -> record.get(10, TimeUnit.SECONDS));
        assertTrue(failure.getMessage().contains("has not come back"), failure.getMessage());
    }

    @Test
    void aWriteThatDoesNotComeBackIsAnOutageAndWhatWaitsForItIsRefused() throws Exception {
        TestServer server = server();
        try (ChainedAuditLog log = open(server)) {
            TestServer.write(log, 1, 3);
            CompletableFuture<Void> inHand = hang(log, 4);
            CompletableFuture<Void> behind = log.write(TestServer.record(5)).toCompletableFuture();
            now.set(OUT_AFTER_NS - 1);
            assertFalse(log.isOut());
            assertFalse(inHand.isDone());
            now.set(OUT_AFTER_NS);
            awaitRefusal(inHand);
            awaitRefusal(behind);
            assertTrue(log.isOut());
            assertTrue(log.write(TestServer.record(6)).toCompletableFuture().isCompletedExceptionally(), "a record waits for what hangs");
            assertEquals(3, log.status().getRefusals());
            assertTrue(log.status().getLastFailure().contains("has not come back"), log.status().getLastFailure());
            assertTrue(log.tampering().isEmpty());
            release(log);
            TestServer.write(log, 7, 8);
            // The thread that refuses what hangs tells of it afterwards.
            assertTrue(toldOnce.await(10, TimeUnit.SECONDS));
            assertEquals(1, told.get());
        } finally {
            released.countDown();
        }
        assertTrue(server.verify().fault().isEmpty());
    }

    @Test
    void whatFailsFirstAndThenHangsIsOneOutage() throws Exception {
        try (ChainedAuditLog log = open(server())) {
            fails = true;
            assertThrows(CompletionException.class, () -> TestServer.write(log, 1, 1));
            now.set(3_000_000_000L);
            CompletableFuture<Void> later = hang(log, 2);
            now.set(OUT_AFTER_NS - 1);
            assertFalse(log.isOut());
            now.set(OUT_AFTER_NS);
            awaitRefusal(later);
            assertTrue(log.isOut());
            release(log);
        } finally {
            released.countDown();
        }
    }

    @Test
    void aLogThatHangsIsClosedWithoutIt() throws Exception {
        ChainedAuditLog log = open(server());
        try {
            CompletableFuture<Void> inHand = hang(log, 1);
            now.set(OUT_AFTER_NS);
            awaitRefusal(inHand);
            IOException failure = assertThrows(IOException.class, log::close);
            assertTrue(failure.getMessage().contains("does not come back"), failure.getMessage());
            assertTrue(log.write(TestServer.record(2)).toCompletableFuture().isCompletedExceptionally());
        } finally {
            released.countDown();
        }
    }

    @Test
    void whatHangsOnceMoreInTheSameOutageIsRefusedToo() throws Exception {
        try (ChainedAuditLog log = open(server())) {
            fails = true;
            assertThrows(CompletionException.class, () -> TestServer.write(log, 1, 1));
            now.set(OUT_AFTER_NS);
            assertThrows(CompletionException.class, () -> TestServer.write(log, 2, 2));
            assertTrue(log.isOut());
            CompletableFuture<Void> inHand = hang(log, 3);
            CompletableFuture<Void> behind = log.write(TestServer.record(4)).toCompletableFuture();
            now.set(OUT_AFTER_NS + 1_000_000_000L);
            awaitRefusal(inHand);
            awaitRefusal(behind);
            assertEquals(1, told.get());
            release(log);
        } finally {
            released.countDown();
        }
    }

    @Test
    void whatWasRefusedBeforeItFailedIsCountedOnce() throws Exception {
        TestServer server = server();
        try (ChainedAuditLog log = open(server)) {
            breaks = true;
            CompletableFuture<Void> inHand = hang(log, 1);
            now.set(OUT_AFTER_NS);
            awaitRefusal(inHand);
            hangs = false;
            released.countDown();
            int later = 0;
            for (String failure = ""; !failure.contains("stale"); later++) {
                failure = assertThrows(CompletionException.class, () -> TestServer.write(log, 2, 2)).getMessage();
            }
            assertEquals(1 + later, log.status().getRefusals());
            breaks = false;
            release(log);
            TestServer.write(log, 3, 3);
        } finally {
            released.countDown();
        }
        assertTrue(server.verify().fault().isEmpty());
        assertFalse(Files.readString(server.file()).contains("\"generation\":1,"), "what was refused, and failed, stands in the log");
    }

    @Test
    void whatWaitsIsRefusedWhenTheLogIsClosedBeforeItIsOut() throws Exception {
        ChainedAuditLog log = open(server());
        try {
            CompletableFuture<Void> inHand = hang(log, 1);
            CompletableFuture<Void> behind = log.write(TestServer.record(2)).toCompletableFuture();
            // Has no patience with it.
            Thread.currentThread().interrupt();
            assertThrows(IOException.class, log::close);
            assertTrue(Thread.interrupted());
            assertTrue(inHand.isCompletedExceptionally());
            assertTrue(behind.isCompletedExceptionally());
            assertEquals(2, log.status().getRefusals());
            released.countDown();
            log.close();
        } finally {
            released.countDown();
        }
    }
}
