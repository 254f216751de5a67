package org.pairspan.node.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.pairspan.node.association.InboundEntry;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.esp.EspTrailer;
import org.pairspan.protocol.handshake.EpochKeys;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.keyupdate.KeyUpdate;
import org.pairspan.protocol.session.InboundAssociation;
import org.pairspan.protocol.session.OutboundAssociation;

/** All that deals with the keys of one of two members: exchanges, when they are made, and what is in use of what they gave. */
final class KeyEnd implements ExchangeOutcome, KeyUpdate.Successors {
    static final long GENERATION = 9;

    private static final TlsCrypto CRYPTO = new BcTlsCrypto();
    private static final Suite SUITE = Suite.AES_256_GCM;
    private static final long CHORES_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LONGEST = 1500;
    private static final int ATTEMPT_OFFSET = 4;

    final PeerAssociations keys;
    /** Packets with payload that were understood. */
    int heard;

    private final int own;
    private final int peer;
    private final Consumer<Packet> network;
    private final ExchangeOrders orders = new ExchangeOrders();
    private final HandshakeAgent agent;
    private final SecurityAssociationDatabase database = new SecurityAssociationDatabase(SaLifetime.DEFAULT, grant -> { });
    private final KeyUpdate keyUpdate;
    private final UnsafeBuffer plaintext = new UnsafeBuffer(new byte[LONGEST]);
    private long nowNs;
    private long nextChoresNs;

    /**
     * A datagram on its way.
     *
     * @param from    the sender's number.
     * @param epoch   of the keys that protect it.
     * @param type    of the control message in it; null where it holds a payload or nothing.
     * @param attempt where it is a handshake message.
     */
    record Packet(int from, int epoch, ControlType type, int attempt, byte[] bytes) {
        boolean isHandshake(int ofAttempt) {
            return type == ControlType.HANDSHAKE && attempt == ofAttempt;
        }
    }

    /**
     * @param own     1 or 2; member 1 is the client of exchanges.
     * @param rekey   limits at which keys are replaced.
     * @param network takes what is sent.
     */
    KeyEnd(int own, SaLifetime rekey, Consumer<Packet> network) {
        this.own = own;
        this.peer = 3 - own;
        this.network = network;
        agent = new HandshakeAgent(() -> nowNs, CRYPTO, (id, suite) -> KeyExchange.X25519, this, EpochExport.NONE, orders);
        keys = install(GENERATION);
        keyUpdate = new KeyUpdate(own == 1, rekey, keys, this);
    }

    /** The key service gives this end a generation. */
    PeerAssociations install(long generation) {
        byte[] pairKey = new byte[KeySchedule.PAIR_KEY_LENGTH];
        AssociationGrant grant = new AssociationGrant(id(own), own, id(peer), peer, List.of(),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1), 1, generation, SUITE,
                bootstrapKeys(pairKey, own, peer, generation), bootstrapKeys(pairKey, peer, own, generation),
                KeySchedule.preSharedKey(SUITE, pairKey, id(1), id(2), 1, generation));
        agent.install(grant);
        return database.install(grant, nowNs);
    }

    private static TrafficKeys bootstrapKeys(byte[] pairKey, int from, int to, long generation) {
        return KeySchedule.derive(SUITE, pairKey, id(from), id(to), 1, generation);
    }

    private static String id(int number) {
        return "site-" + number;
    }

    void turn(long now) {
        nowNs = now;
        agent.doWork();
        keyUpdate.doWork(now, this::control);
        if (now - nextChoresNs >= 0) {
            nextChoresNs = now + CHORES_INTERVAL_NS;
            database.expire(now);
            if (keys.candidate() != null) {
                protect(keys.candidate(), EspTrailer.NEXT_HEADER_DUMMY, plaintext, 0, 0, null);
            }
        }
    }

    void say() {
        protect(keys.outbound(), EspTrailer.NEXT_HEADER_SEGMENT, plaintext, 0, 100, null);
    }

    void take(Packet packet) {
        UnsafeBuffer datagram = new UnsafeBuffer(packet.bytes);
        InboundEntry entry = database.inbound(InboundAssociation.peekSpi(datagram, 0, packet.bytes.length));
        int length = entry == null ? -1 : entry.association().open(datagram, 0, packet.bytes.length, plaintext, 0, nowNs);
        if (length < 0) {
            return;
        }
        database.onAuthentic(entry, packet.bytes.length, nowNs);
        if (entry.association().nextHeader() == EspTrailer.NEXT_HEADER_SEGMENT) {
            heard++;
        } else if (packet.type == ControlType.HANDSHAKE) {
            orders.message(peer, plaintext, 0, length);
        } else if (packet.type == ControlType.KEY_UPDATE) {
            keyUpdate.onMessage(plaintext, 0, length, nowNs);
        }
    }

    void close() {
        agent.onClose();
        database.destroy();
    }

    private boolean control(DirectBuffer message, int offset, int length) {
        return protect(keys.outbound(), EspTrailer.NEXT_HEADER_CONTROL, message, offset, length,
                ControlType.ofCode(message.getByte(offset)));
    }

    private boolean protect(OutboundAssociation association, int nextHeader, DirectBuffer payload, int offset, int length,
            ControlType type) {
        int attempt = type == ControlType.HANDSHAKE ? payload.getInt(offset + ATTEMPT_OFFSET, ByteOrder.BIG_ENDIAN) : 0;
        byte[] bytes = new byte[OutboundAssociation.datagramLength(length)];
        association.protect(nextHeader, payload, offset, length, new UnsafeBuffer(bytes), 0, nowNs);
        network.accept(new Packet(own, Spi.epoch(association.spi()), type, attempt, bytes));
        return true;
    }

    @Override
    public void send(int peerNumber, byte[] message) {
        control(new UnsafeBuffer(message), 0, message.length);
    }

    @Override
    public void completed(int peerNumber, long generation, EpochKeys made) {
        database.installEpoch(peerNumber, generation, made, nowNs);
    }

    @Override
    public void failed(int peerNumber, long generation, int epoch) {
        keyUpdate.onFailed(generation, epoch, nowNs);
    }

    @Override
    public boolean exchange(long generation, int epoch) {
        return orders.start(peer, generation, epoch);
    }

    @Override
    public void renew(long aboveGeneration) {
        throw new AssertionError("there are epochs left");
    }

    @Override
    public String toString() {
        return id(own) + ": epoch " + keys.epoch() + ", newest " + keys.newestEpoch() + ", " + keyUpdate.state() + ", heard " + heard;
    }
}
