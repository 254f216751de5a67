package org.pairspan.node.pipeline;

import java.security.SecureRandom;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.bearer.Bearer;
import org.pairspan.node.bearer.PeerStream;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.handshake.Handshakes;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.node.offload.TcpSplitter;
import org.pairspan.node.queue.FlowHash;
import org.pairspan.node.queue.PacketPool;
import org.pairspan.node.queue.Patience;
import org.pairspan.protocol.pathmtu.PathMtuSettings;
import org.pairspan.protocol.session.PeerSession;
import org.pairspan.protocol.session.SessionSettings;
import org.pairspan.protocol.transport.MessageAssembler;
import org.pairspan.protocol.wire.DropCounters;

/** Makes the tunnel to a peer of which the first association has come, with all that tunnels of one node share. Data thread. */
final class TunnelFactory {
    /** Packets that may wait for congested peers: of a network's usual size, and unsegmented ones; 6 MiB in all. */
    private static final int SMALL_SLOTS = 2048;
    private static final int LARGE_SLOTS = 32;

    private final DataPlaneSettings settings;
    private final Bearer bearer;
    private final Handshakes handshakes;
    private final KeyDemand demand;
    private final DropCounters drops;
    private final SecureRandom random = new SecureRandom();
    private final FlowHash hash = new FlowHash(random.nextLong(), random.nextLong());
    private final TcpSplitter splitter = new TcpSplitter();
    private final PacketPool pool;

    /**
     * @param settings   of the data plane.
     * @param bearer     that opens the streams.
     * @param handshakes that exchange keys.
     * @param demand     asked for keys.
     * @param drops      where what is dropped is counted.
     */
    TunnelFactory(DataPlaneSettings settings, Bearer bearer, Handshakes handshakes, KeyDemand demand, DropCounters drops) {
        this.settings = settings;
        this.bearer = bearer;
        this.handshakes = handshakes;
        this.demand = demand;
        this.drops = drops;
        this.pool = new PacketPool(SMALL_SLOTS, LARGE_SLOTS, PacketDevice.LONGEST_PACKET, drops);
    }

    /** The tunnel to the peer of a grant that is installed. */
    PeerTunnel make(PeerAssociations peer, AssociationGrant grant, long nowNs) {
        PeerSettings own = settingsUnder(grant);
        peer.requireExchange(own.strict());
        PeerStream stream = bearer.open(peer);
        int longestPiece = stream.pieceCapacity();
        PeerProtocols protocols = new PeerProtocols(bearer, stream, handshakes, demand, settings.rekey(),
                sessionSettings(own, peer, longestPiece), drops, nowNs);
        Outlet datagrams = outlet(new DatagramClassSender(stream, splitter, drops, random.nextInt()), peer, Patience.DATAGRAM);
        return new PeerTunnel(peer, stream, datagrams, reliableClass(stream, protocols.session()), protocols,
                settings.policy().of(grant.peerId()), drops, grant, own.usual(), nowNs);
    }

    /** Takes what a newer grant says of a peer whose tunnel is there. */
    void update(PeerTunnel tunnel, AssociationGrant grant, long nowNs) {
        tunnel.update(grant, settingsUnder(grant), nowNs);
    }

    private PeerSettings settingsUnder(AssociationGrant grant) {
        return settings.peers().apply(grant.peerId()).under(grant.terms());
    }

    private SessionSettings sessionSettings(PeerSettings own, PeerAssociations peer, int longestPiece) {
        int largest = settings.bearer().pathMtu();
        PathMtuSettings pathMtu = settings.pathMtuDiscovery() ? PathMtuSettings.upTo(largest, peer.address().isIpv6())
                : PathMtuSettings.fixed(largest);
        return new SessionSettings(settings.heartbeat(), pathMtu, own.padding(),
                SessionSettings.windowWithin(settings.reliableBuffer(), longestPiece), longestPiece, random.nextLong());
    }

    private ReliableClass reliableClass(PeerStream stream, PeerSession session) {
        ReliableClassSender sender = new ReliableClassSender(stream, session.reliableSender(), drops);
        return new ReliableClass(outlet(sender, stream.peer(), Patience.RELIABLE), sender, session.reliableReceiver(),
                new MessageAssembler(PacketDevice.LONGEST_PACKET, drops));
    }

    private Outlet outlet(PacketSender sender, PeerAssociations peer, Patience patience) {
        return new Outlet(sender, () -> peer.outbound() != null && peer.payloadAllowed(), pool, hash, patience);
    }
}
