package org.pairspan.node.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Socket options that are one integer, and the two buffer sizes. Set once at start: these calls allocate. */
public final class SocketOptions {
    public static final int SOL_SOCKET = 1;
    /** Bytes of the send buffer; the kernel doubles what is set. */
    public static final int SO_SNDBUF = 7;
    /** Bytes of the receive buffer; the kernel doubles what is set. */
    public static final int SO_RCVBUF = 8;
    /** As {@link #SO_SNDBUF} past the limit of the system; needs CAP_NET_ADMIN. */
    public static final int SO_SNDBUFFORCE = 32;
    /** As {@link #SO_RCVBUF} past the limit of the system; needs CAP_NET_ADMIN. */
    public static final int SO_RCVBUFFORCE = 33;

    public static final int IPPROTO_IP = 0;
    /** How DF is set in IPv4 packets: one of the {@code PMTUDISC} values. */
    public static final int IP_MTU_DISCOVER = 10;
    public static final int IPPROTO_IPV6 = 41;
    /** The same for IPv6, whose packets have no DF: whether the sender may fragment. */
    public static final int IPV6_MTU_DISCOVER = 23;
    /** Value of the two above: DF is set, and a datagram larger than the known path is refused with EMSGSIZE. */
    public static final int PMTUDISC_DO = 2;
    /** Value of the two above: DF is set, what the kernel knows of the path is ignored. */
    public static final int PMTUDISC_PROBE = 3;

    public static final int SOL_UDP = 17;
    /** Socket option (int) or control message (u16): length of each datagram cut out of one send. */
    public static final int UDP_SEGMENT = 103;
    /** Socket option (int, 0 or 1) or control message (int): length of each datagram gathered in one receipt. */
    public static final int UDP_GRO = 104;

    private SocketOptions() {
    }

    /** Sets an integer option: 0, or -errno. */
    public static int set(int descriptor, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return Posix.setsockopt(descriptor, level, option, arena.allocateFrom(JAVA_INT, value).address(), Integer.BYTES);
        }
    }

    /** Reads an integer option that is never negative: its value, or -errno. */
    public static int get(int descriptor, int level, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(JAVA_INT);
            int result = Posix.getsockopt(descriptor, level, option, value, arena.allocateFrom(JAVA_INT, Integer.BYTES));
            return result < 0 ? result : value.get(JAVA_INT, 0);
        }
    }

    /**
     * Asks for a receive buffer of that many octets, past the system's limit where the process may.
     * Answers what the socket now has (the kernel doubles the wish, for its own book-keeping), or -errno.
     */
    public static int receiveBuffer(int descriptor, int octets) {
        return buffer(descriptor, SO_RCVBUFFORCE, SO_RCVBUF, octets);
    }

    /** As {@link #receiveBuffer} for the send buffer. */
    public static int sendBuffer(int descriptor, int octets) {
        return buffer(descriptor, SO_SNDBUFFORCE, SO_SNDBUF, octets);
    }

    private static int buffer(int descriptor, int forced, int plain, int octets) {
        int result = set(descriptor, SOL_SOCKET, forced, octets);
        if (result == -Errno.EPERM) {
            result = set(descriptor, SOL_SOCKET, plain, octets);
        }
        return result < 0 ? result : get(descriptor, SOL_SOCKET, plain);
    }
}
