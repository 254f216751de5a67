package org.pairspan.protocol.pathmtu;

import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.control.ControlSink;

/** Answers the peer's probes: the newest of them, at most once in {@value #SHORTEST_GAP_MS} ms. */
final class ProbeEcho {
    static final int SHORTEST_GAP_MS = 10;

    private static final long SHORTEST_GAP_NS = TimeUnit.MILLISECONDS.toNanos(SHORTEST_GAP_MS);

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[PathProbeMessage.LENGTH]);
    private boolean wanted;
    private int size;
    private int number;
    private long nextNs;

    ProbeEcho(long nowNs) {
        nextNs = nowNs;
    }

    void onProbe(int probed, int itsNumber) {
        wanted = true;
        size = probed;
        number = itsNumber;
    }

    int doWork(long nowNs, ControlSink control) {
        if (!wanted || nowNs - nextNs < 0) {
            return 0;
        }
        wanted = false;
        nextNs = nowNs + SHORTEST_GAP_NS;
        PathProbeMessage.write(message, PathProbeMessage.ECHO, size, number);
        return control.send(message, 0, PathProbeMessage.LENGTH) ? 1 : 0;
    }
}
