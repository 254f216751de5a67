package org.pairspan.benchmarks.fuzz;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.flow.Cubic;
import org.pairspan.protocol.reliable.ReliableReceiver;
import org.pairspan.protocol.reliable.ReliableSender;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.wire.DropCounters;

/**
 * Acknowledgements and requests at both ends of a reliable stream with pieces under way, of which every fourth is lost. What the ends say
 * to each other now is a sample, so that lies are told about what was sent.
 */
final class AcknowledgementTarget implements FuzzTarget {
    private static final int WINDOW = 256;
    private static final int PIECE = 100;
    private static final int SAMPLES = 16;
    private static final long TURN_NS = 2_000_000;

    private final RttMeasurement roundTripTime = new RttMeasurement();
    private final ReliableSender sender = new ReliableSender(WINDOW, PIECE, roundTripTime, new Cubic(WINDOW), new DropCounters());
    private final ReliableReceiver receiver = new ReliableReceiver(1, WINDOW, PIECE, roundTripTime);
    private final UnsafeBuffer piece = new UnsafeBuffer(new byte[PIECE]);
    private final List<byte[]> samples = new ArrayList<>();
    private long nowNs;

    @Override
    public List<byte[]> samples() {
        turn(new SplittableRandom(1));
        return Collections.unmodifiableList(samples);
    }

    @Override
    public void feed(UnsafeBuffer input, SplittableRandom random) {
        nowNs += random.nextLong(TURN_NS);
        sender.onMessage(input, 0, input.capacity(), nowNs);
        receiver.onMessage(input, 0, input.capacity(), nowNs);
        turn(random);
    }

    private void turn(SplittableRandom random) {
        while (random.nextInt(8) > 0 && sender.canSend(nowNs)) {
            int length = 1 + random.nextInt(Math.min(PIECE, sender.pieceLength()));
            arrive(sender.accept(0, 0, piece, 0, length, nowNs), piece, 0, length, random);
        }
        sender.resend(nowNs, (header, resent, offset, length) -> {
            arrive(header, resent, offset, length, random);
            return true;
        });
        sender.doWork(nowNs, (message, offset, length) -> {
            byte[] copy = sample(message, offset, length, random);
            receiver.onMessage(new UnsafeBuffer(copy), 0, copy.length, nowNs);
            return true;
        });
        receiver.doWork(nowNs, (message, offset, length) -> {
            byte[] copy = sample(message, offset, length, random);
            if (random.nextBoolean()) {
                sender.onMessage(new UnsafeBuffer(copy), 0, copy.length, nowNs);
            }
            return true;
        });
    }

    private void arrive(long header, DirectBuffer buffer, int offset, int length, SplittableRandom random) {
        if (random.nextInt(4) > 0) {
            receiver.onPiece(header, buffer, offset, length, nowNs, (next, delivered, at, octets) -> { });
        }
    }

    private byte[] sample(DirectBuffer message, int offset, int length, SplittableRandom random) {
        byte[] copy = new byte[length];
        message.getBytes(offset, copy);
        if (samples.size() < SAMPLES) {
            samples.add(copy);
        } else {
            samples.set(random.nextInt(SAMPLES), copy);
        }
        return copy;
    }
}
