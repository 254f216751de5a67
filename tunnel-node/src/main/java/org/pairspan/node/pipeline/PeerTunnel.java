package org.pairspan.node.pipeline;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.bearer.PieceStream;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.observe.PeerTelemetry;
import org.pairspan.node.policy.PeerPolicy;
import org.pairspan.node.policy.Rule;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.heartbeat.LinkState;
import org.pairspan.protocol.heartbeat.LinkStatus;
import org.pairspan.protocol.session.SessionTelemetry;
import org.pairspan.protocol.transport.MessageAssembler;
import org.pairspan.protocol.wire.Counter;
import org.pairspan.protocol.wire.DropCounters;

/** The tunnel to one peer: its associations, its streams, the policy about it, what lies behind it, and what went through. */
final class PeerTunnel implements PeerTelemetry {
    /** A stream that is being made, or whose peer starts anew at its address, stands within this time. */
    static final long SEARCH_AFTER_NS = TimeUnit.SECONDS.toNanos(10);
    static final long SEARCH_INTERVAL_NS = TimeUnit.SECONDS.toNanos(30);
    /** A peer that is down and unheard for so long has left: it is as good as unknown, and is asked for again when a packet wants it. */
    static final long LEFT_AFTER_NS = TimeUnit.HOURS.toNanos(1);
    static final long LEAVE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final PeerAssociations associations;
    private final PieceStream stream;
    private final Outlet datagrams;
    private final ReliableClass reliable;
    private final PeerProtocols protocols;
    private final PeerPolicy policy;
    private final MessageAssembler assembler;
    private volatile List<IpPrefix> prefixes;
    private TrafficClass usualClass;
    private final Counter packetsIn = new Counter();
    private final Counter bytesIn = new Counter();
    private boolean reliableFirst;
    private long packetsSeen;
    /** Whether packets have found the stream without a receiver since the last was sent. Data thread only. */
    private boolean disconnected;
    /** When the key service may be asked again where such a peer is. Data thread only. */
    private long nextSearchNs;
    /** When a successor may be asked for again. Data thread only. */
    private long nextRenewalNs;
    /** When the control thread may be told again that the peer has left. Data thread only. */
    private long nextLeaveNs;

    /**
     * @param associations with the peer.
     * @param stream       shared with the peer.
     * @param datagrams    where packets of the datagram class leave.
     * @param reliable     the reliable class.
     * @param protocols    with the peer.
     * @param policy       about the peer.
     * @param drops        where packets of the peer that are given up are counted.
     * @param grant        what is known of the peer.
     * @param usualClass   of packets for which no rule names one.
     * @param nowNs        the time.
     */
    PeerTunnel(PeerAssociations associations, PieceStream stream, Outlet datagrams, ReliableClass reliable,
            PeerProtocols protocols, PeerPolicy policy, DropCounters drops, AssociationGrant grant, TrafficClass usualClass,
            long nowNs) {
        this.associations = associations;
        this.stream = stream;
        this.datagrams = datagrams;
        this.reliable = reliable;
        this.protocols = protocols;
        this.policy = policy;
        this.assembler = new MessageAssembler(PacketDevice.LONGEST_PACKET, drops);
        this.prefixes = grant.peerPrefixes();
        this.usualClass = usualClass;
        this.nextRenewalNs = nowNs;
        this.nextLeaveNs = nowNs;
    }

    PeerAssociations associations() {
        return associations;
    }

    PieceStream stream() {
        return stream;
    }

    /** Where packets of a class leave. */
    Outlet outlet(boolean inReliableClass) {
        return inReliableClass ? reliable.outlet() : datagrams;
    }

    @Override
    public ReliableClass reliable() {
        return reliable;
    }

    /** Sends what is lost again, and what waits, as far as the stream takes it: how many packets and pieces. */
    int serve(long nowNs) {
        int work = reliable.resend(nowNs);
        // In turns, so that neither class can keep the other out of a narrow stream.
        reliableFirst = !reliableFirst;
        return work + outlet(reliableFirst).serve(nowNs) + outlet(!reliableFirst).serve(nowNs);
    }

    /** Gives up packets that have waited for longer than the patience, and sees what has changed. A few times a second. */
    void keepHouse(long patienceNs, long nowNs) {
        datagrams.expire(patienceNs, nowNs);
        reliable.outlet().expire(patienceNs, nowNs);
        protocols.keepHouse(nowNs);
        long packets = packetsOut() + packetsIn();
        if (packets != packetsSeen) {
            packetsSeen = packets;
            protocols.session().onPayload();
        }
        long roundTripNs = protocols.session().telemetry().smoothedRttNs();
        if (roundTripNs > 0) {
            datagrams.followRoundTrip(roundTripNs);
            reliable.outlet().followRoundTrip(roundTripNs);
        }
    }

    /**
     * Whether the control thread is to be told now that the peer has left; true at most once in the interval. A link is down, too, where the
     * peer hears nothing, though it is heard: such a peer is there.
     */
    boolean leaveDue(LinkStatus link, long nowNs) {
        if (link.state() != LinkState.DOWN || nowNs - link.sinceNs() < LEFT_AFTER_NS || heardOfLate(nowNs) || nowNs - nextLeaveNs < 0) {
            return false;
        }
        nextLeaveNs = nowNs + LEAVE_INTERVAL_NS;
        return true;
    }

    private boolean heardOfLate(long nowNs) {
        return associations.packetsIn().get() > 0 && nowNs - associations.lastAuthenticNs().get() < LEFT_AFTER_NS;
    }

    /**
     * The peer is closed: drops what waits for it or has come of it, and ends its streams. Nothing may be called after it but counts; a peer
     * that comes back has a new tunnel.
     */
    void close() {
        datagrams.close();
        reliable.outlet().close();
        stream.close();
    }

    PeerProtocols protocols() {
        return protocols;
    }

    PeerPolicy policy() {
        return policy;
    }

    /** Of the datagram class. */
    MessageAssembler assembler() {
        return assembler;
    }

    /** Takes what a newer grant says of the peer: what lies behind it, and how it is to be dealt with. */
    void update(AssociationGrant grant, PeerSettings settings, long nowNs) {
        prefixes = grant.peerPrefixes();
        usualClass = settings.usual();
        associations.requireExchange(settings.strict());
        protocols.session().padding().change(settings.padding(), nowNs);
    }

    /** Whether packets that a rule means travel in the reliable class. */
    boolean inReliableClass(Rule rule) {
        return rule.trafficClass().orElse(usualClass) == TrafficClass.RELIABLE;
    }

    void onReceived(int bytes, boolean inReliableClass) {
        if (inReliableClass) {
            reliable.onReceived(bytes);
        }
        packetsIn.increment();
        bytesIn.add(bytes);
    }

    /**
     * Whether packets wait that find nobody at the other end of the stream, for long enough to ask the key service for a new association,
     * which tells where the peer is: it may have started anew somewhere else, and then nothing that is sent to its old address ever tells
     * it of us.
     */
    boolean searchDue(long nowNs) {
        if (!datagrams.isDisconnected() && !reliable.outlet().isDisconnected()) {
            disconnected = false;
            return false;
        }
        if (!disconnected) {
            disconnected = true;
            nextSearchNs = nowNs + SEARCH_AFTER_NS;
        }
        if (nowNs - nextSearchNs < 0 || waiting() == 0) {
            return false;
        }
        nextSearchNs = nowNs + SEARCH_INTERVAL_NS;
        return true;
    }

    /** Packets that wait for the stream. Any thread. */
    long waiting() {
        return datagrams.waiting() + reliable.outlet().waiting();
    }

    /**
     * Whether to ask for a successor of the newest association now; true at most once in the interval. A candidate wears too: where the
     * peer was out of reach for so long that both have expired, only a new one can bring the two together again.
     */
    boolean renewalDue(long nowNs, long intervalNs) {
        if (associations.newest() == null || !associations.newest().softLimitReached(nowNs) || nowNs - nextRenewalNs < 0) {
            return false;
        }
        nextRenewalNs = nowNs + intervalNs;
        return true;
    }

    @Override
    public String id() {
        return associations.peerId();
    }

    @Override
    public int number() {
        return associations.peerNumber();
    }

    @Override
    public List<IpPrefix> prefixes() {
        return prefixes;
    }

    @Override
    public InetSocketAddress bearer() {
        return associations.address().current();
    }

    @Override
    public int keyVersion() {
        return associations.state().keyVersion();
    }

    @Override
    public long generation() {
        return associations.state().generation();
    }

    @Override
    public Suite suite() {
        return associations.state().suite();
    }

    @Override
    public int epoch() {
        return associations.state().epoch();
    }

    @Override
    public String keyExchange() {
        KeyExchange exchange = associations.state().keyExchange();
        return exchange == null ? "" : exchange.wireName();
    }

    @Override
    public SessionTelemetry session() {
        return protocols.session().telemetry();
    }

    @Override
    public long lastAuthenticatedNs() {
        return associations.packetsIn().get() == 0 ? NEVER : associations.lastAuthenticNs().get();
    }

    @Override
    public long packetsOut() {
        return datagrams.packets() + reliable.outlet().packets();
    }

    @Override
    public long bytesOut() {
        return datagrams.bytes() + reliable.outlet().bytes();
    }

    @Override
    public long packetsIn() {
        return packetsIn.get();
    }

    @Override
    public long bytesIn() {
        return bytesIn.get();
    }
}
