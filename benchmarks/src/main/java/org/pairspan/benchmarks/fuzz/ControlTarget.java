package org.pairspan.benchmarks.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.alert.ReceivedAlert;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.heartbeat.HeartbeatSettings;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.heartbeat.LinkStatus;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.padding.PaddedMessage;
import org.pairspan.protocol.padding.PaddingSettings;
import org.pairspan.protocol.pathmtu.PathMtuSettings;
import org.pairspan.protocol.session.PeerSession;
import org.pairspan.protocol.session.SessionEnvironment;
import org.pairspan.protocol.session.SessionListener;
import org.pairspan.protocol.session.SessionSettings;
import org.pairspan.protocol.wire.DropCounters;

/** Control messages of a peer that holds the keys, of every type, at a whole session. What the session says itself is a sample, too. */
final class ControlTarget implements FuzzTarget, SessionListener, KeyUpdate.Association, KeyUpdate.Successors {
    private static final int OVERHEAD = 100;
    private static final long TURN_NS = 20_000_000;
    private static final int SAMPLES = 256;

    private final List<byte[]> samples = new ArrayList<>();
    private final PeerSession session;
    private long nowNs;

    ControlTarget() {
        SessionEnvironment environment = new SessionEnvironment(
            this::sample, (message, offset, length, packetLength) -> sample(message, offset, length), plaintextLength -> true, () -> nowNs, this);
        session = new PeerSession(
            new SessionSettings(HeartbeatSettings.DEFAULT, PathMtuSettings.upTo(1500, false), PaddingSettings.OFF, 1024, 1400, 7),
            environment, new KeyUpdate(true, SaLifetime.DEFAULT, this, this), new DropCounters(), nowNs);
    }

    @Override
    public List<byte[]> samples() {
        for (ControlType type : ControlType.values()) {
            byte[] message = new byte[32];
            message[0] = type.code();
            samples.add(message);
        }
        for (int turn = 0; turn < 500; turn++) {
            nowNs += TURN_NS;
            session.doWork(nowNs);
        }
        return List.copyOf(samples);
    }

    @Override
    public void feed(UnsafeBuffer input, SplittableRandom random) {
        nowNs += random.nextLong(TURN_NS);
        if (input.capacity() > 0) {
            PaddedMessage.innerLength(input, 0, input.capacity());
            session.onControl(input, 0, input.capacity(), nowNs);
        }
        session.doWork(nowNs);
    }

    private boolean sample(DirectBuffer message, int offset, int length) {
        if (samples.size() < SAMPLES) {
            byte[] bytes = new byte[length];
            message.getBytes(offset, bytes);
            samples.add(bytes);
        }
        return true;
    }

    @Override
    public void onLinkChange(LinkState before, LinkStatus now) {
        // Nobody has to know.
    }

    @Override
    public void onAlert(ReceivedAlert alert) {
        // Nobody has to know.
    }

    @Override
    public int onPathMtu(int packetLength) {
        return packetLength - OVERHEAD;
    }

    @Override
    public void onHandshakeMessage(DirectBuffer message, int offset, int length) {
        // A target of its own.
    }

    @Override
    public long generation() {
        return 1;
    }

    @Override
    public int epoch() {
        return 0;
    }

    @Override
    public long newestGeneration() {
        return 1;
    }

    @Override
    public int newestEpoch() {
        return 0;
    }

    @Override
    public boolean reached(SaLifetime limits, long now) {
        return false;
    }

    @Override
    public boolean exchange(long generation, int epoch) {
        return true;
    }

    @Override
    public void renew(long aboveGeneration) {
        // There are epochs left.
    }
}
