package org.pairspan.protocol.keyupdate;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.wire.DropReason;

/** The two ends of one update of keys that look at the same keys, by a clock of the test. */
abstract class KeyUpdateEnds {
    static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    static final SaLifetime LIMITS = new SaLifetime(1000, 1000, TimeUnit.SECONDS.toNanos(10));

    final Keys keys = new Keys();
    final Orders orders = new Orders();
    final List<byte[]> sent = new ArrayList<>();
    final ControlSink sink = (message, offset, length) -> {
        byte[] copy = new byte[length];
        message.getBytes(offset, copy);
        return sent.add(copy);
    };
    final KeyUpdate client = new KeyUpdate(true, LIMITS, keys, orders);
    final KeyUpdate server = new KeyUpdate(false, LIMITS, keys, orders);
    long nowNs = 5;

    static final class Keys implements KeyUpdate.Association {
        long generation = 9;
        int epoch;
        long newestGeneration = 9;
        int newestEpoch;
        boolean worn;

        @Override
        public long generation() {
            return generation;
        }

        @Override
        public int epoch() {
            return epoch;
        }

        @Override
        public long newestGeneration() {
            return newestGeneration;
        }

        @Override
        public int newestEpoch() {
            return newestEpoch;
        }

        @Override
        public boolean reached(SaLifetime limits, long nowNs) {
            return worn && limits.equals(LIMITS);
        }

        void use(long ofGeneration, int newEpoch) {
            generation = ofGeneration;
            newestGeneration = ofGeneration;
            epoch = newEpoch;
            newestEpoch = newEpoch;
            worn = false;
        }
    }

    static final class Orders implements KeyUpdate.Successors {
        final List<String> exchanges = new ArrayList<>();
        final List<Long> renewals = new ArrayList<>();
        boolean full;

        @Override
        public boolean exchange(long generation, int epoch) {
            if (!full) {
                exchanges.add(generation + "/" + epoch);
            }
            return !full;
        }

        @Override
        public void renew(long aboveGeneration) {
            renewals.add(aboveGeneration);
        }
    }

    void pass(KeyUpdate update, long ns) {
        for (long endNs = nowNs + ns; nowNs < endNs; nowNs += KeyUpdate.INTERVAL_NS) {
            update.doWork(nowNs, sink);
        }
    }

    DropReason give(KeyUpdate update, byte[] message) {
        return update.onMessage(new UnsafeBuffer(message), 0, message.length, nowNs);
    }

    static byte[] request(long generation, int epoch) {
        UnsafeBuffer message = new UnsafeBuffer(new byte[KeyUpdateRequest.LENGTH]);
        KeyUpdateRequest.write(message, epoch, generation);
        return message.byteArray();
    }
}
