package org.pairspan.node.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What the kernel knows of a file and Java does not tell. Any thread; not for the path of packets. */
public final class FileStatus {
    private static final int AT_FDCWD = -100;
    private static final int STATX_BLOCKS = 0x400;
    /** Of {@code struct statx}, the same on every machine. */
    private static final int LENGTH = 256;
    private static final int MASK_OFFSET = 0;
    private static final int BLOCKS_OFFSET = 48;
    private static final int BLOCK_LENGTH = 512;
    /** Null where the C library is older than 2018 (glibc 2.28). */
    private static final MethodHandle STATX = Posix.LINKER.defaultLookup().find("statx").map(symbol -> Posix.LINKER.downcallHandle(symbol,
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS))).orElse(null);

    private FileStatus() {
    }

    /** The bytes that a file takes of its file system, which may be fewer than it is long; 0 where the kernel does not tell. */
    public static long allocatedBytes(String path) {
        if (STATX == null) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(LENGTH, Long.BYTES);
            int result = (int) STATX.invokeExact(AT_FDCWD, arena.allocateFrom(path), 0, STATX_BLOCKS, status);
            boolean told = result == 0 && (status.get(JAVA_INT, MASK_OFFSET) & STATX_BLOCKS) != 0;
            return told ? status.get(JAVA_LONG, BLOCKS_OFFSET) * BLOCK_LENGTH : 0;
        } catch (Throwable e) {
            throw Posix.linkage("statx", e);
        }
    }
}
