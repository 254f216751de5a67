package org.pairspan.node.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * Calls into the C library. Every call answers what the C function answers, or the error number negated where it failed
 * (see {@link Errno}); {@code EINTR} is answered, not hidden. Pointers are plain {@code long} addresses, as
 * {@code UnsafeBuffer.addressOffset()} of a direct buffer gives them: the caller keeps the memory alive and the length right.
 *
 * <p>Any thread may call; each has its own place for {@code errno}.
 */
public final class Posix {
    /** {@code open}: read and write. */
    public static final int O_RDWR = 0x2;
    /** {@code open}: never wait. The same number on x86_64 and aarch64. */
    public static final int O_NONBLOCK = 0x800;
    /** {@code open}: not inherited by child processes. */
    public static final int O_CLOEXEC = 0x80000;
    /** {@code sendmsg}, {@code recvmmsg}: never wait. */
    public static final int MSG_DONTWAIT = 0x40;
    /** {@code msg_flags} after receipt: the packet was longer than its buffer. */
    public static final int MSG_TRUNC = 0x20;
    /** {@code msg_flags} after receipt: the control messages were longer than their buffer. */
    public static final int MSG_CTRUNC = 0x8;

    static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE_LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = CAPTURE_LAYOUT.byteOffset(PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
    private static final ThreadLocal<MemorySegment> CAPTURE =
        ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE_LAYOUT));

    // open and ioctl are variadic in C: the linker must know where the named parameters end.
    private static final MethodHandle OPEN = function("open", Linker.Option.firstVariadicArg(2), JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle IOCTL =
        function("ioctl", Linker.Option.firstVariadicArg(2), JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle EVENTFD = function("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle READ = function("read", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITE = function("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITEV = function("writev", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle POLL = function("poll", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle PPOLL = function("ppoll", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SETSOCKOPT =
        function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle GETSOCKOPT =
        function("getsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SENDMSG = function("sendmsg", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle SENDMMSG = function("sendmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle RECVMMSG =
        function("recvmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle STRERROR =
        LINKER.downcallHandle(symbol("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private static final int LONGEST_MESSAGE = 1024;

    private Posix() {
    }

    /** {@code open(path, flags)}: a descriptor, or -errno. */
    public static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment capture = CAPTURE.get();
            return result((int) OPEN.invokeExact(capture, arena.allocateFrom(path), flags), capture);
        } catch (Throwable e) {
            throw linkage("open", e);
        }
    }

    /** {@code eventfd(initial, flags)}: a descriptor, or -errno. */
    public static int eventfd(int initial, int flags) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) EVENTFD.invokeExact(capture, initial, flags), capture);
        } catch (Throwable e) {
            throw linkage("eventfd", e);
        }
    }

    /** {@code close(descriptor)}: 0, or -errno. The descriptor is gone in either case. */
    public static int close(int descriptor) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) CLOSE.invokeExact(capture, descriptor), capture);
        } catch (Throwable e) {
            throw linkage("close", e);
        }
    }

    /** {@code ioctl(descriptor, request, argument)}; the argument is a number or an address, as the request has it. */
    public static int ioctl(int descriptor, long request, long argument) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) IOCTL.invokeExact(capture, descriptor, request, argument), capture);
        } catch (Throwable e) {
            throw linkage("ioctl", e);
        }
    }

    /** {@code read}: octets read, 0 at the end of a file, or -errno. */
    public static int read(int descriptor, long address, int length) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) (long) READ.invokeExact(capture, descriptor, address, (long) length), capture);
        } catch (Throwable e) {
            throw linkage("read", e);
        }
    }

    /** {@code write}: octets written, or -errno. */
    public static int write(int descriptor, long address, int length) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) (long) WRITE.invokeExact(capture, descriptor, address, (long) length), capture);
        } catch (Throwable e) {
            throw linkage("write", e);
        }
    }

    /** {@code writev} of the {@code count} {@link IoVector}s at {@code vectors}, at most 1024: octets written, or -errno. */
    public static int writev(int descriptor, long vectors, int count) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) (long) WRITEV.invokeExact(capture, descriptor, vectors, count), capture);
        } catch (Throwable e) {
            throw linkage("writev", e);
        }
    }

    /**
     * {@code poll}: how many of the {@code count} {@link PollDescriptor}s at {@code pollDescriptors} have something to tell,
     * 0 after {@code timeoutMs} milliseconds (0: at once, negative: never), or -errno.
     */
    public static int poll(long pollDescriptors, int count, int timeoutMs) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) POLL.invokeExact(capture, pollDescriptors, (long) count, timeoutMs), capture);
        } catch (Throwable e) {
            throw linkage("poll", e);
        }
    }

    /**
     * {@code ppoll} without a signal mask: as {@link #poll}, with the longest wait in the {@code struct timespec} at {@code timeout}:
     * seconds and nanoseconds, eight octets each.
     */
    public static int ppoll(long pollDescriptors, int count, long timeout) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) PPOLL.invokeExact(capture, pollDescriptors, (long) count, timeout, 0L), capture);
        } catch (Throwable e) {
            throw linkage("ppoll", e);
        }
    }

    /** {@code setsockopt}: 0, or -errno. {@link SocketOptions} is easier for options that are one integer. */
    public static int setsockopt(int descriptor, int level, int option, long valueAddress, int length) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) SETSOCKOPT.invokeExact(capture, descriptor, level, option, valueAddress, length), capture);
        } catch (Throwable e) {
            throw linkage("setsockopt", e);
        }
    }

    /** {@code getsockopt} into {@code value}; {@code length} holds the room before and the length after. 0, or -errno. */
    static int getsockopt(int descriptor, int level, int option, MemorySegment value, MemorySegment length) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) GETSOCKOPT.invokeExact(capture, descriptor, level, option, value, length), capture);
        } catch (Throwable e) {
            throw linkage("getsockopt", e);
        }
    }

    /** {@code sendmsg} of the {@link MessageHeader} at {@code messageHeader}: octets sent, or -errno. */
    public static int sendmsg(int descriptor, long messageHeader, int flags) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) (long) SENDMSG.invokeExact(capture, descriptor, messageHeader, flags), capture);
        } catch (Throwable e) {
            throw linkage("sendmsg", e);
        }
    }

    /**
     * {@code sendmmsg} of {@code count} {@link MultiMessageHeader}s: how many were sent, or -errno where not even the first was. An
     * error of a later one comes back when it is the first of another call.
     */
    public static int sendmmsg(int descriptor, long multiMessageHeaders, int count, int flags) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) SENDMMSG.invokeExact(capture, descriptor, multiMessageHeaders, count, flags), capture);
        } catch (Throwable e) {
            throw linkage("sendmmsg", e);
        }
    }

    /** {@code recvmmsg} without a timeout into {@code count} {@link MultiMessageHeader}s: how many were filled, or -errno. */
    public static int recvmmsg(int descriptor, long multiMessageHeaders, int count, int flags) {
        try {
            MemorySegment capture = CAPTURE.get();
            return result((int) RECVMMSG.invokeExact(capture, descriptor, multiMessageHeaders, count, flags, 0L), capture);
        } catch (Throwable e) {
            throw linkage("recvmmsg", e);
        }
    }

    /** The system's words for an error number; takes the number as it is or negated. For messages, not for the data path. */
    public static String message(int errno) {
        int number = Math.abs(errno);
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(number);
            return text.reinterpret(LONGEST_MESSAGE).getString(0) + " (errno " + number + ")";
        } catch (Throwable e) {
            throw linkage("strerror", e);
        }
    }

    private static int result(int result, MemorySegment capture) {
        return result < 0 ? -capture.get(JAVA_INT, ERRNO_OFFSET) : result;
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(result, parameters), CAPTURE_ERRNO);
    }

    private static MethodHandle function(String name, Linker.Option variadic, MemoryLayout result, MemoryLayout... parameters) {
        return LINKER.downcallHandle(symbol(name), FunctionDescriptor.of(result, parameters), CAPTURE_ERRNO, variadic);
    }

    static MemorySegment symbol(String name) {
        return LINKER.defaultLookup().find(name)
            .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + name));
    }

    /** A method handle declares Throwable; what really comes is a virtual machine error or a fault of ours. */
    static RuntimeException linkage(String function, Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("call of " + function + " failed", thrown);
    }
}
