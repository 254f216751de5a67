package org.pairspan.node.bearer;

import io.aeron.logbuffer.LogBufferDescriptor;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;
import org.pairspan.protocol.wire.Counter;

/**
 * What the file system of Aeron's directory has for streams, and what of it is promised. A stream takes its memory as it uses it, and where
 * there is none then the process ends (SIGBUS); so nothing is promised beyond what is free:
 *
 * <pre>
 * left = free in the file system - what our files may still take = free - promised to them + taken by them
 * </pre>
 *
 * <p>A stream of terms up to {@link TermLength#SHORT} is made where it fits into that, and one of longer terms where {@value #ROOM} like it
 * do, so that peers far away leave room for others. The kernel is asked when a stream is made, and what each file has taken only where the
 * room would be short without it. Data thread only.
 */
final class StreamMemory {
    /** The file system. */
    interface Store {
        /** Bytes that are free. */
        long freeBytes();

        /** Bytes that a file has taken; or fewer where that is not known. */
        long takenBytes(String file);
    }

    /** A file that may become as long as it says. */
    static final class Promise {
        private final String file;
        private final long bytes;
        private long taken;

        private Promise(String file, long bytes) {
            this.file = file;
            this.bytes = bytes;
        }
    }

    private static final int ROOM = 4;
    private static final int PAGE = LogBufferDescriptor.PAGE_MIN_SIZE;
    private static final int MIB = 1 << 20;
    /** Peers that were refused ask ten times a second each; what is free is looked at again only so often, or when something was given back. */
    static final long ASKED_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final Store store;
    private final NanoClock clock;
    private final Consumer<String> warning;
    private final Set<Promise> promises = new HashSet<>();
    private final Counter promised = new Counter();
    private final Counter refusals = new Counter();
    /** The least that was refused at the last look, or what is never asked for. */
    private long refused = Long.MAX_VALUE;
    private long refusedAtNs;
    /** The most that was refused since it was told; 0 while there is room. */
    private long told;

    /**
     * @param store   the file system.
     * @param clock   the data thread's.
     * @param warning told once when room has run short, and once more each time after it was back.
     */
    StreamMemory(Store store, NanoClock clock, Consumer<String> warning) {
        this.store = store;
        this.clock = clock;
        this.warning = warning;
    }

    /** Bytes that a stream with such terms may take: three of them, and a page that describes them. */
    static long bytes(int termLength) {
        return LogBufferDescriptor.computeLogLength(termLength, PAGE);
    }

    /** Whether there may be one more stream with such terms. A no is counted, and told where it is the first. */
    boolean hasRoom(int termLength) {
        long need = (termLength > TermLength.SHORT ? ROOM : 1) * bytes(termLength);
        long nowNs = clock.nanoTime();
        if (need >= refused && nowNs - refusedAtNs < ASKED_AGAIN_NS) {
            refusals.increment();
            return false;
        }
        long left = left(need);
        if (left >= need) {
            told = need >= told ? 0 : told;
            return true;
        }
        refused = need;
        refusedAtNs = nowNs;
        refusals.increment();
        tell(termLength, need, left);
        return false;
    }

    /** What is neither taken nor promised, at least where that is enough. */
    private long left(long need) {
        long atLeast = store.freeBytes() - promised.get();
        return atLeast >= need ? atLeast : atLeast + taken();
    }

    private long taken() {
        long sum = 0;
        for (Promise promise : promises) {
            if (promise.taken < promise.bytes) {
                promise.taken = Math.min(store.takenBytes(promise.file), promise.bytes);
            }
            sum += promise.taken;
        }
        return sum;
    }

    private void tell(int termLength, long need, long left) {
        if (told == 0) {
            warning.accept("bearer.directory is short of room: one more stream with terms of " + termLength / 1024 + " KiB takes room for "
                    + (need + MIB - 1) / MIB + " MiB" + (need > bytes(termLength) ? " (" + ROOM + " like it, so that others fit, too)" : "")
                    + ", and " + Math.max(left, 0) / MIB + " MiB are neither taken nor promised to other streams (" + promised.get() / MIB
                    + " MiB are). Until there is room, streams stay shorter than far peers need, or are not made. Give that file system more room"
                    + " (/dev/shm: mount -o remount,size=...), or make bearer.term-length smaller, here and at the peers.");
        }
        told = Math.max(told, need);
    }

    /** A file has been made that may become so long. */
    Promise promise(String file, long bytes) {
        Promise promise = new Promise(file, bytes);
        promises.add(promise);
        promised.add(bytes);
        return promise;
    }

    /** The file is gone. A second time changes nothing. */
    void giveBack(Promise promise) {
        if (promises.remove(promise)) {
            promised.add(-promise.bytes);
            refused = Long.MAX_VALUE;
        }
    }

    /** Bytes that files have taken or may still take. Any thread. */
    long promisedBytes() {
        return promised.get();
    }

    /** How often there was no room. Any thread. */
    long refusals() {
        return refusals.get();
    }
}
