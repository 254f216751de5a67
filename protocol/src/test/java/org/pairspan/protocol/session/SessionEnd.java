package org.pairspan.protocol.session;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.pairspan.protocol.alert.ReceivedAlert;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.heartbeat.HeartbeatSettings;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.heartbeat.LinkStatus;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.padding.PaddingSettings;
import org.pairspan.protocol.pathmtu.PathMtuSettings;
import org.pairspan.protocol.wire.DropCounters;

/** One session at one end of a {@link SessionPair}, and what it told. */
final class SessionEnd implements SessionListener, KeyUpdate.Association, KeyUpdate.Successors {
    static final int OVERHEAD = 100;

    final List<LinkStatus> links = new ArrayList<>();
    final List<ReceivedAlert> alerts = new ArrayList<>();
    final List<Integer> pathMtus = new ArrayList<>();
    final DropCounters drops = new DropCounters();
    final PeerSession session;
    int handshakeMessages;
    int exchanges;
    long datagrams;
    /** Bytes that datagrams carry less than at first. */
    int longerHeader;

    /** Carries a packet away: its message, or null for a dummy, and its length. */
    interface Network {
        boolean send(DirectBuffer message, int offset, int length, int packetLength);
    }

    SessionEnd(boolean isClient, PaddingSettings padding, Network network) {
        SessionSettings settings = new SessionSettings(HeartbeatSettings.DEFAULT, PathMtuSettings.upTo(1500, false), padding, 1024, 1400, 7);
        SessionEnvironment environment = new SessionEnvironment(
            (message, offset, length) -> network.send(message, offset, length, length + OVERHEAD),
            network::send,
            plaintextLength -> network.send(null, 0, 0, plaintextLength + OVERHEAD),
            () -> datagrams, this);
        session = new PeerSession(settings, environment, new KeyUpdate(isClient, SaLifetime.DEFAULT, this, this), drops, 0);
    }

    @Override
    public void onLinkChange(LinkState before, LinkStatus now) {
        links.add(now);
    }

    @Override
    public void onAlert(ReceivedAlert alert) {
        alerts.add(alert);
    }

    @Override
    public int onPathMtu(int packetLength) {
        pathMtus.add(packetLength);
        return packetLength - OVERHEAD - longerHeader;
    }

    @Override
    public void onHandshakeMessage(DirectBuffer message, int offset, int length) {
        handshakeMessages++;
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
    public boolean reached(SaLifetime limits, long nowNs) {
        return false;
    }

    @Override
    public boolean exchange(long generation, int epoch) {
        exchanges++;
        return true;
    }

    @Override
    public void renew(long aboveGeneration) {
        throw new AssertionError("there are epochs left");
    }
}
