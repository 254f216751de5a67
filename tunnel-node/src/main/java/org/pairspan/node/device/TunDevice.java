package org.pairspan.node.device;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.posix.Errno;
import org.pairspan.node.posix.PacketCalls;
import org.pairspan.node.posix.Posix;
import org.pairspan.protocol.address.IpPrefix;

/**
 * A TUN interface of Linux with checksum, TCP and, since Linux 6.2, UDP segmentation offload both ways. It exists as long as it is
 * open, and its addresses and routes go with it. Packets move between the kernel and direct memory without a copy; buffers on the
 * heap are copied once more, and so are datagrams that came in one frame.
 */
public final class TunDevice implements PacketDevice {
    private static final String CLONE_DEVICE = "/dev/net/tun";

    // linux/if_tun.h; the request numbers are _IOW('T', n, int).
    private static final long TUNSETIFF = 0x400454CAL;
    private static final long TUNSETOFFLOAD = 0x400454D0L;
    private static final long TUNSETVNETHDRSZ = 0x400454D8L;
    private static final int IFF_TUN = 0x0001;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_VNET_HDR = 0x4000;
    private static final int IFF_TUN_EXCL = 0x8000;
    private static final int TUN_F_CSUM = 0x01;
    private static final int TUN_F_TSO4 = 0x02;
    private static final int TUN_F_TSO6 = 0x04;
    private static final int TUN_F_TSO_ECN = 0x08;
    /** Segmentation of UDP in both families (USO4, USO6), since Linux 6.2. */
    private static final int TUN_F_USO = 0x60;
    private static final int OFFLOADS = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;

    // struct ifreq: the interface's name, then a union whose first member here is the flags (short).
    private static final int IFREQ_LENGTH = 40;
    private static final int IFREQ_FLAGS_OFFSET = 16;

    /** What a descriptor answers whose interface was deleted by somebody else. */
    private static final int EBADFD = 77;

    private final DeviceSettings settings;
    private final NetworkCommands commands;
    private final Set<IpPrefix> routes = new HashSet<>();
    private final UnsafeBuffer staging = new UnsafeBuffer(ByteBuffer.allocateDirect(LONGEST_READ));
    private final UdpStretch stretch = new UdpStretch();
    private int descriptor;
    private boolean udpSegments;

    private TunDevice(DeviceSettings settings, int descriptor) {
        this.settings = settings;
        this.descriptor = descriptor;
        this.commands = new NetworkCommands(settings.name());
    }

    /**
     * Creates the interface, sets it up and switches it on.
     *
     * @throws DeviceException with the remedy: no such support in the kernel, no permission, the name or an address in use
     */
    public static TunDevice open(DeviceSettings settings) {
        int descriptor = Posix.open(CLONE_DEVICE, Posix.O_RDWR | Posix.O_NONBLOCK | Posix.O_CLOEXEC);
        if (descriptor < 0) {
            throw new DeviceException("cannot open " + CLONE_DEVICE + ": " + Posix.message(descriptor) + openRemedy(-descriptor));
        }
        TunDevice device = new TunDevice(settings, descriptor);
        try {
            device.create();
            device.commands.bringUp(settings);
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
        return device;
    }

    @Override
    public int read(MutableDirectBuffer buffer, int offset, int capacity) {
        if (capacity < LONGEST_READ) {
            throw new IllegalArgumentException("room for " + capacity + " octets would cut packets; give " + LONGEST_READ);
        }
        buffer.boundsCheck(offset, capacity);
        int pending = stretch.next(buffer, offset);
        if (pending > 0) {
            return pending;
        }
        boolean direct = buffer.byteArray() == null;
        long address = direct ? buffer.addressOffset() + offset : staging.addressOffset();
        int length = PacketCalls.read(descriptor, address, direct ? capacity : LONGEST_READ);
        if (length < 0) {
            return nothing("read", length);
        }
        if (!direct) {
            buffer.putBytes(offset, staging, 0, length);
        }
        boolean many = OffloadHeader.type(buffer, offset) == OffloadHeader.TYPE_UDP_SEGMENTS
            && stretch.begin(buffer, offset, length);
        return many ? stretch.next(buffer, offset) : length;
    }

    @Override
    public boolean write(DirectBuffer buffer, int offset, int length) {
        buffer.boundsCheck(offset, length);
        long address;
        if (buffer.byteArray() == null) {
            address = buffer.addressOffset() + offset;
        } else if (length <= staging.capacity()) {
            staging.putBytes(0, buffer, offset, length);
            address = staging.addressOffset();
        } else {
            return false;
        }
        int written = PacketCalls.write(descriptor, address, length);
        return written >= 0 || nothing("write", written) > 0;
    }

    @Override
    public boolean write(PacketVectors frame) {
        int written = PacketCalls.writev(descriptor, frame.address(), frame.count());
        return written >= 0 || nothing("writev", written) > 0;
    }

    @Override
    public boolean takesUdpSegments() {
        return udpSegments;
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public String name() {
        return settings.name();
    }

    @Override
    public int mtu() {
        return settings.mtu();
    }

    @Override
    public synchronized void addRoute(IpPrefix destination) {
        if (!routes.contains(destination)) {
            commands.addRoute(destination);
            routes.add(destination);
        }
    }

    @Override
    public synchronized void removeRoute(IpPrefix destination) {
        if (routes.remove(destination)) {
            commands.removeRoute(destination);
        }
    }

    /** Only after the data thread has stopped reading and writing: the kernel may give the descriptor's number to another file. */
    @Override
    public void close() {
        if (descriptor >= 0) {
            int closing = descriptor;
            descriptor = -1;
            // Linux frees the descriptor whatever close answers, and a TUN device has nothing left to flush.
            Posix.close(closing);
        }
    }

    private void create() {
        UnsafeBuffer request = new UnsafeBuffer(ByteBuffer.allocateDirect(IFREQ_LENGTH));
        byte[] name = settings.name().getBytes(StandardCharsets.US_ASCII);
        request.putBytes(0, name);
        request.putShort(IFREQ_FLAGS_OFFSET, (short) (IFF_TUN | IFF_NO_PI | IFF_VNET_HDR | IFF_TUN_EXCL));
        int result = Posix.ioctl(descriptor, TUNSETIFF, request.addressOffset());
        if (result < 0) {
            throw new DeviceException("cannot create the TUN device " + settings.name() + ": " + Posix.message(result)
                + createRemedy(-result));
        }
        request.putInt(0, OffloadHeader.LENGTH);
        expect("set the length of the offload header", Posix.ioctl(descriptor, TUNSETVNETHDRSZ, request.addressOffset()));
        udpSegments = Posix.ioctl(descriptor, TUNSETOFFLOAD, OFFLOADS | TUN_F_USO) == 0;
        if (!udpSegments) {
            expect("switch on segmentation offload", Posix.ioctl(descriptor, TUNSETOFFLOAD, OFFLOADS));
        }
    }

    private void expect(String what, int result) {
        if (result < 0) {
            throw new DeviceException("cannot " + what + " of " + settings.name() + ": " + Posix.message(result)
                + "; Linux 2.6.35 or newer has it");
        }
    }

    /** A failed read or write is nothing read or written, unless the device is gone. */
    private int nothing(String call, int result) {
        if (result == -EBADFD || result == -Errno.EBADF) {
            throw new DeviceException("the device " + settings.name() + " is gone: " + call + " answered "
                + Posix.message(result) + "; restart the node, and let nothing else delete its device");
        }
        return 0;
    }

    private static String openRemedy(int errno) {
        return switch (errno) {
            case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO -> "; load the module (modprobe tun), or give the container that device"
                + " (docker run --device /dev/net/tun)";
            case Errno.EACCES, Errno.EPERM -> "; run as root, or let this user read and write it";
            default -> "";
        };
    }

    private static String createRemedy(int errno) {
        return switch (errno) {
            case Errno.EPERM -> "; this needs CAP_NET_ADMIN: run as root, or grant the capability"
                + " (systemd: AmbientCapabilities=CAP_NET_ADMIN, docker: --cap-add NET_ADMIN)";
            case Errno.EBUSY, Errno.EEXIST, Errno.EINVAL -> "; a device of that name is there already: choose another name, or see"
                + " who uses it ('ip link')";
            default -> "";
        };
    }
}
