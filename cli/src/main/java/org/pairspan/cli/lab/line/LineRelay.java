package org.pairspan.cli.lab.line;

import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.PacketSocket;
import org.pairspan.node.posix.Posix;
import org.pairspan.node.posix.SocketOptions;

import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.util.Map;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The program that is the line: {@code LineRelay FIRST SECOND [name=value ...]} carries every frame between two interfaces until it is
 * ended. Settings are those of {@link LineSettings#with}; beside them {@code seed}, which repeats the random choices for the same frames,
 * and {@code room}, the bytes each way that may be on their way at once. Both interfaces need a peer that makes no frames beyond the MTU
 * (segmentation offload off); checksums may be left to be computed.
 */
public final class LineRelay implements LineMXBean {

    private static final int SOL_PACKET = 263;
    /** PACKET_VNET_HDR, PACKET_QDISC_BYPASS and PACKET_IGNORE_OUTGOING of linux/if_packet.h. */
    private static final int[] OPTIONS = {15, 20, 23};
    private static final int KERNEL_BUFFER = 64 << 20;
    private static final long DEFAULT_ROOM = 32 << 20;
    private static final long LONGEST_WAIT_NS = 100_000_000;

    private final LineDirection forth;
    private final LineDirection back;
    private final Readiness readiness;
    private volatile LineSettings settings;

    private LineRelay(Arena arena, String first, String second, LineSettings settings, long room, long seed) {
        final int firstSocket = open(first);
        final int secondSocket = open(second);
        this.forth = new LineDirection(arena, firstSocket, secondSocket, room, seed);
        this.back = new LineDirection(arena, secondSocket, firstSocket, room, ~seed);
        this.readiness = new Readiness(arena, firstSocket, secondSocket);
        this.settings = settings;
    }

    /** Runs until the process is ended. */
    public static void main(String[] arguments) throws JMException {
        if (arguments.length < 2) {
            System.err.println("usage: LineRelay FIRST SECOND [delay=10ms] [loss=0.01] [duplicate=0.01] [reorder=0.01] [reorder-by=1ms] "
                + "[rate=100M] [buffer=1M] [mtu=1500] [seed=1] [room=32M]");
            System.exit(2);
        }
        LineSettings settings = LineSettings.IDEAL;
        long seed = 1;
        long room = DEFAULT_ROOM;
        for (int i = 2; i < arguments.length; i++) {
            final String[] setting = arguments[i].split("=", 2);
            final String value = setting.length == 2 ? setting[1] : "";
            switch (setting[0]) {
                case "seed" -> seed = Long.parseLong(value);
                case "room" -> room = LineSettings.IDEAL.with("buffer", value).bufferBytes();
                default -> settings = settings.with(setting[0], value);
            }
        }
        try (Arena arena = Arena.ofShared()) {
            final LineRelay relay = new LineRelay(arena, arguments[0], arguments[1], settings, room + 7 & ~7L, seed);
            ManagementFactory.getPlatformMBeanServer().registerMBean(relay, new ObjectName("org.pairspan:type=Line"));
            System.out.println("line ready: " + settings + ", seed " + seed);
            relay.run();
        }
    }

    private static int open(String device) {
        final int socket = PacketSocket.open(device, KERNEL_BUFFER, false);
        for (final int option : OPTIONS) {
            final int done = SocketOptions.set(socket, SOL_PACKET, option, 1);
            if (done < 0) {
                throw new LabException("could not set option " + option + " of a packet socket: " + Posix.message(done));
            }
        }
        return socket;
    }

    private void run() {
        long missedAskedNs = System.nanoTime();
        while (true) {
            final long nowNs = System.nanoTime();
            final LineSettings current = settings;
            final int work = forth.receive(current, nowNs) + back.receive(current, nowNs) + forth.release(nowNs) + back.release(nowNs);
            if (nowNs - missedAskedNs > LONGEST_WAIT_NS) {
                missedAskedNs = nowNs;
                forth.countMissed();
                back.countMissed();
            }
            if (work == 0) {
                final long waitNs = Math.min(forth.dueNs(), back.dueNs()) - System.nanoTime();
                readiness.await(Math.clamp(waitNs, 0, LONGEST_WAIT_NS));
            }
        }
    }

    @Override
    public Map<String, Long> getForth() {
        return forth.counts();
    }

    @Override
    public Map<String, Long> getBack() {
        return back.counts();
    }

    @Override
    public String getSettings() {
        return settings.toString();
    }

    @Override
    public synchronized void set(String name, String value) {
        settings = settings.with(name, value);
    }

    @Override
    public synchronized void restore() {
        settings = LineSettings.IDEAL;
    }
}
