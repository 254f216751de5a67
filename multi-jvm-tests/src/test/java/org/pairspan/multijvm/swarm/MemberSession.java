package org.pairspan.multijvm.swarm;

import org.agrona.DirectBuffer;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.pairspan.protocol.alert.ReceivedAlert;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.EpochKeys;
import org.pairspan.protocol.handshake.Handshake;
import org.pairspan.protocol.handshake.HandshakeParameters;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.heartbeat.HeartbeatSettings;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.heartbeat.LinkStatus;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.padding.PaddingSettings;
import org.pairspan.protocol.pathmtu.PathMtuSettings;
import org.pairspan.protocol.session.PeerSession;
import org.pairspan.protocol.session.SessionEnvironment;
import org.pairspan.protocol.session.SessionListener;
import org.pairspan.protocol.session.SessionSettings;
import org.pairspan.protocol.wire.DropCounters;

import java.io.IOException;
import java.io.UncheckedIOException;

/** The protocols that a member speaks with the node, so that its link is up, its path known and its keys forward secret. One thread. */
final class MemberSession implements SessionListener, KeyUpdate.Association, KeyUpdate.Successors {

    private static final TlsCrypto CRYPTO = new BcTlsCrypto();
    private static final int PATH_MTU = 1500;
    private static final int OVERHEAD = 80;
    private static final int RELIABLE_WINDOW = 128;
    private static final int LONGEST_PIECE = 1400;

    private final SecureLink link;
    private final Association granted;
    private final Handshake handshake;
    private final PeerSession session;
    private long nowNs = System.nanoTime();

    MemberSession(SecureLink link, String id, Association granted) {
        this.link = link;
        this.granted = granted;
        final Suite suite = Suite.ofWireNumber(granted.getSuite());
        final KeyExchange exchange = suite == Suite.SM4_GCM ? KeyExchange.CURVE_SM2 : KeyExchange.X25519_MLKEM768;
        final boolean client = granted.getOwnNumber() < granted.getPeerNumber();
        final byte[] key = granted.getPairKey().toByteArray();
        this.handshake = new Handshake(CRYPTO, HandshakeParameters.of(id, granted.getOwnNumber(), granted.getPeerId(), granted.getPeerNumber(),
            granted.getKeyVersion(), granted.getGeneration(), suite, exchange), KeySchedule.preSharedKey(suite, key,
            client ? id : granted.getPeerId(), client ? granted.getPeerId() : id, granted.getKeyVersion(), granted.getGeneration()));
        // What it would probe the path with is never sent: a packet of this member is as long as it is.
        final SessionEnvironment environment = new SessionEnvironment(this::send, (message, offset, length, packetLength) -> false,
            plaintextLength -> false, link::opened, this);
        this.session = new PeerSession(new SessionSettings(HeartbeatSettings.DEFAULT, PathMtuSettings.upTo(PATH_MTU, false), PaddingSettings.OFF,
            RELIABLE_WINDOW, LONGEST_PIECE, granted.getOwnNumber()), environment, new KeyUpdate(client, SaLifetime.DEFAULT, this, this),
            new DropCounters(), nowNs);
    }

    void onControl(DirectBuffer message, int offset, int length, long now) {
        nowNs = now;
        session.onControl(message, offset, length, now);
    }

    void doWork(long now) {
        nowNs = now;
        session.doWork(now);
        handshake.doWork(now, this::send);
    }

    private boolean send(DirectBuffer message, int offset, int length) {
        try {
            link.sendControl(message, offset, length, nowNs);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onHandshakeMessage(DirectBuffer message, int offset, int length) {
        handshake.onMessage(message, offset, length, nowNs);
        final EpochKeys keys = handshake.takeKeys();
        if (keys != null) {
            link.install(keys.epoch(), keys.outbound(), keys.inbound());
        }
        handshake.doWork(nowNs, this::send);
    }

    @Override
    public void onLinkChange(LinkState before, LinkStatus now) {
        // The swarm looks at what comes back, not at what a member thinks of the node.
    }

    @Override
    public void onAlert(ReceivedAlert alert) {
        // As above.
    }

    @Override
    public int onPathMtu(int packetLength) {
        return packetLength - OVERHEAD;
    }

    @Override
    public long generation() {
        return granted.getGeneration();
    }

    @Override
    public int epoch() {
        return link.epoch();
    }

    @Override
    public long newestGeneration() {
        return granted.getGeneration();
    }

    @Override
    public int newestEpoch() {
        return link.newestEpoch();
    }

    @Override
    public boolean reached(SaLifetime limits, long now) {
        return false;
    }

    @Override
    public boolean exchange(long generation, int epoch) {
        return false;
    }

    @Override
    public void renew(long aboveGeneration) {
        // No swarm lives that long.
    }
}
