package org.pairspan.protocol.heartbeat;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/** Two heartbeats with a network between them that loses some messages and carries nothing else. */
final class HeartbeatPair {
    private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(1);

    final Heartbeat left = new Heartbeat(HeartbeatSettings.DEFAULT, () -> this.leftDatagrams, (before, now) -> { }, 0);
    final Heartbeat right = new Heartbeat(HeartbeatSettings.DEFAULT, () -> this.rightDatagrams, (before, now) -> { }, 0);
    int messages;
    private long leftDatagrams;
    private long rightDatagrams;
    private long nowNs;
    private final Queue<byte[]> toLeft = new ArrayDeque<>();
    private final Queue<byte[]> toRight = new ArrayDeque<>();

    void run(long durationNs, double loss, long seed) {
        Random random = new Random(seed);
        for (long end = nowNs + durationNs; nowNs < end; nowNs += TURN_NS) {
            for (byte[] message; (message = toLeft.poll()) != null;) {
                leftDatagrams++;
                left.onMessage(new UnsafeBuffer(message), 0, message.length, nowNs);
            }
            for (byte[] message; (message = toRight.poll()) != null;) {
                rightDatagrams++;
                right.onMessage(new UnsafeBuffer(message), 0, message.length, nowNs);
            }
            turn(left, toRight, loss, random);
            turn(right, toLeft, loss, random);
        }
    }

    private void turn(Heartbeat end, Queue<byte[]> network, double loss, Random random) {
        end.doWork(nowNs, (message, offset, length) -> {
            messages++;
            if (random.nextDouble() >= loss) {
                byte[] copy = new byte[length];
                message.getBytes(offset, copy);
                network.add(copy);
            }
            return true;
        });
    }
}
