package org.pairspan.cli.lab.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/** Searches pieces of a capture for what must not be seen in them, at every byte offset, in batches on all processors. */
final class HiddenBytes implements AutoCloseable {

    private static final int BATCH = 4 << 20;

    private final PlaintextIndex plaintext;
    private final ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(),
        Thread.ofPlatform().daemon().name("audit-", 0).factory());
    private final List<Future<?>> batches = new ArrayList<>();
    private final LongAdder plaintextFound = new LongAdder();
    private final LongAdder aeronFound = new LongAdder();
    private List<Piece> batch = new ArrayList<>();
    private long batchBytes;

    private record Piece(MemorySegment file, long offset, int length) {
    }

    HiddenBytes(PlaintextIndex plaintext) {
        this.plaintext = plaintext;
    }

    /** Searches a piece, soon. */
    void search(MemorySegment file, long offset, int length) {
        batch.add(new Piece(file, offset, length));
        batchBytes += length;
        if (batchBytes >= BATCH) {
            submit();
        }
    }

    /** Waits until every piece has been searched. */
    void finish() {
        submit();
        for (final Future<?> searched : batches) {
            try {
                searched.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the capture could not be searched", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while a capture was searched", e);
            }
        }
    }

    long plaintextFound() {
        return plaintextFound.sum();
    }

    long aeronFound() {
        return aeronFound.sum();
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }

    private void submit() {
        final List<Piece> pieces = batch;
        batches.add(workers.submit(() -> searchAll(pieces)));
        batch = new ArrayList<>();
        batchBytes = 0;
    }

    private void searchAll(List<Piece> pieces) {
        byte[] bytes = new byte[1 << 16];
        for (final Piece piece : pieces) {
            if (piece.length > bytes.length) {
                bytes = new byte[piece.length];
            }
            MemorySegment.copy(piece.file, ValueLayout.JAVA_BYTE, piece.offset, bytes, 0, piece.length);
            aeronFound.add(AeronShape.occurrences(bytes, 0, piece.length));
            if (plaintext != null) {
                plaintextFound.add(plaintext.occurrences(bytes, piece.length));
            }
        }
    }
}
