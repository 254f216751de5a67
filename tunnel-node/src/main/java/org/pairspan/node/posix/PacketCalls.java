package org.pairspan.node.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import org.agrona.UnsafeApi;

/**
 * The calls of the data path: they answer as those of the same name in {@link Posix}, and allocate nothing, whatever the compiler makes of
 * them. Capturing {@code errno}, as those do, makes an object a call unless the compiler sees through all of it.
 *
 * <p>So these call without capturing. Where a call fails, {@code errno} is looked at where the C library keeps it; in between the virtual machine may
 * have changed it. If it says EAGAIN, that is answered: were it wrong, the next call would tell. Otherwise the call is
 * made again, capturing, and that one's answer counts: a call that failed did nothing.
 */
public final class PacketCalls {

    private static final MethodHandle READ = function("read", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITE = function("write", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle WRITEV = function("writev", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT);
    private static final MethodHandle PPOLL = function("ppoll", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle SENDMMSG = function("sendmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT);
    private static final MethodHandle RECVMMSG =
        function("recvmmsg", JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle ERRNO_LOCATION = Posix.LINKER.downcallHandle(Posix.symbol("__errno_location"),
        FunctionDescriptor.of(JAVA_LONG), Linker.Option.critical(false));

    private PacketCalls() {
    }

    /** {@code read}: octets read, 0 at the end of a file, or -errno. */
    public static int read(int descriptor, long address, int length) {
        int result;
        try {
            result = (int) (long) READ.invokeExact(descriptor, address, (long) length);
        } catch (Throwable e) {
            throw Posix.linkage("read", e);
        }
        if (result >= 0) {
            return result;
        }
        return wouldBlock() ? -Errno.EAGAIN : Posix.read(descriptor, address, length);
    }

    /** {@code write}: octets written, or -errno. */
    public static int write(int descriptor, long address, int length) {
        int result;
        try {
            result = (int) (long) WRITE.invokeExact(descriptor, address, (long) length);
        } catch (Throwable e) {
            throw Posix.linkage("write", e);
        }
        if (result >= 0) {
            return result;
        }
        return wouldBlock() ? -Errno.EAGAIN : Posix.write(descriptor, address, length);
    }

    /** {@code writev} of the {@code count} {@link IoVector}s at {@code vectors}, at most 1024: octets written, or -errno. */
    public static int writev(int descriptor, long vectors, int count) {
        int result;
        try {
            result = (int) (long) WRITEV.invokeExact(descriptor, vectors, count);
        } catch (Throwable e) {
            throw Posix.linkage("writev", e);
        }
        if (result >= 0) {
            return result;
        }
        return wouldBlock() ? -Errno.EAGAIN : Posix.writev(descriptor, vectors, count);
    }

    /**
     * {@code ppoll} without a signal mask: how many of the {@code count} {@link PollDescriptor}s at {@code pollDescriptors} have something to
     * tell, 0 after the time in the {@code struct timespec} at {@code timeout} (seconds and nanoseconds, eight octets each), or -errno.
     */
    public static int ppoll(long pollDescriptors, int count, long timeout) {
        int result;
        try {
            result = (int) PPOLL.invokeExact(pollDescriptors, (long) count, timeout, 0L);
        } catch (Throwable e) {
            throw Posix.linkage("ppoll", e);
        }
        return result >= 0 ? result : Posix.ppoll(pollDescriptors, count, timeout);
    }

    /**
     * {@code sendmmsg} of {@code count} {@link MultiMessageHeader}s: how many were sent, or -errno where not even the first was. An
     * error of a later one comes back when it is the first of another call.
     */
    public static int sendmmsg(int descriptor, long multiMessageHeaders, int count, int flags) {
        int result;
        try {
            result = (int) SENDMMSG.invokeExact(descriptor, multiMessageHeaders, count, flags);
        } catch (Throwable e) {
            throw Posix.linkage("sendmmsg", e);
        }
        if (result >= 0) {
            return result;
        }
        return wouldBlock() ? -Errno.EAGAIN : Posix.sendmmsg(descriptor, multiMessageHeaders, count, flags);
    }

    /** {@code recvmmsg} without a timeout into {@code count} {@link MultiMessageHeader}s: how many were filled, or -errno. */
    public static int recvmmsg(int descriptor, long multiMessageHeaders, int count, int flags) {
        int result;
        try {
            result = (int) RECVMMSG.invokeExact(descriptor, multiMessageHeaders, count, flags, 0L);
        } catch (Throwable e) {
            throw Posix.linkage("recvmmsg", e);
        }
        if (result >= 0) {
            return result;
        }
        return wouldBlock() ? -Errno.EAGAIN : Posix.recvmmsg(descriptor, multiMessageHeaders, count, flags);
    }

    private static boolean wouldBlock() {
        try {
            return UnsafeApi.getInt((long) ERRNO_LOCATION.invokeExact()) == Errno.EAGAIN;
        } catch (Throwable e) {
            throw Posix.linkage("__errno_location", e);
        }
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... parameters) {
        return Posix.LINKER.downcallHandle(Posix.symbol(name), FunctionDescriptor.of(result, parameters));
    }
}
