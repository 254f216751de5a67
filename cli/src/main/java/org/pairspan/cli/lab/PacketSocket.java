package org.pairspan.cli.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import static java.lang.foreign.ValueLayout.JAVA_INT;

/** Raw sockets at one interface ({@code packet(7)}): every frame with its Ethernet header. */
public final class PacketSocket {

    private static final short EVERY_PROTOCOL = Short.reverseBytes((short) 3);

    private PacketSocket() {
    }

    /**
     * Opens one in the calling thread's namespace.
     *
     * @param receiveBuffer bytes the kernel may keep for it, where the machine lets us say so
     * @param blocking whether a read waits for a frame
     * @return its descriptor, which the caller closes
     * @throws LabException when it can't be opened
     */
    public static int open(String device, int receiveBuffer, boolean blocking) {
        try (Arena arena = Arena.ofConfined()) {
            final int index = LinuxCalls.interfaceIndex(device);
            // Protocol 0 until it is bound: otherwise the first frames would be those of every interface.
            final int type = LinuxCalls.SOCK_RAW | LinuxCalls.SOCK_CLOEXEC | (blocking ? 0 : LinuxCalls.SOCK_NONBLOCK);
            final int socket = check("open a packet socket", LinuxCalls.socket(LinuxCalls.AF_PACKET, type, 0));
            final MemorySegment room = arena.allocateFrom(JAVA_INT, receiveBuffer);
            if (LinuxCalls.setsockopt(socket, LinuxCalls.SOL_SOCKET, LinuxCalls.SO_RCVBUFFORCE, room) < 0) {
                // In a user namespace the limit of the machine holds.
                check("size a packet socket", LinuxCalls.setsockopt(socket, LinuxCalls.SOL_SOCKET, LinuxCalls.SO_RCVBUF, room));
            }
            // struct sockaddr_ll: family, protocol (network order), interface index, then what bind ignores.
            final MemorySegment address = arena.allocate(20, 4);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) LinuxCalls.AF_PACKET);
            address.set(ValueLayout.JAVA_SHORT, 2, EVERY_PROTOCOL);
            address.set(JAVA_INT, 4, index);
            check("bind a packet socket to " + device, LinuxCalls.bind(socket, address));
            return socket;
        }
    }

    /** Frames the kernel could not keep for a socket since this was last asked. */
    public static long missed(int socket) {
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment statistics = arena.allocate(8, 4);
            check("count a packet socket's frames", LinuxCalls.getsockopt(socket, LinuxCalls.SOL_PACKET, LinuxCalls.PACKET_STATISTICS, statistics));
            return Integer.toUnsignedLong(statistics.get(JAVA_INT, 4));
        }
    }

    private static int check(String what, int result) {
        if (result < 0) {
            throw new LabException("could not " + what + ": errno " + -result);
        }
        return result;
    }
}
