package org.pairspan.node.bearer;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.RegistrationException;
import io.aeron.protocol.DataHeaderFlyweight;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.NanoClock;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.protocol.wire.DropCounters;

/**
 * The Aeron driver and client of this node, run by the data thread itself: every call of {@link #doWork()} is one turn of the driver's
 * conductor, sender and receiver. So a packet passes from the device to the wire, or back, without a change of thread.
 */
public final class Bearer implements AutoCloseable {
    /** A suspended process must find its streams alive when it goes on, so the driver never gives up on its own client. */
    private static final long CLIENT_LIVENESS_NS = TimeUnit.DAYS.toNanos(1);
    /** What may wait for the sender: more would only be a longer queue in front of the packet that comes next. */
    private static final int UNSENT_DATAGRAMS = 4;
    /** A peer has one session, and the old ones for ten seconds after each restart; more would let a member fill our memory. */
    private static final int SESSIONS_OF_A_PEER = 8;
    private static final int FEEDBACK_SLOT_LENGTH = 4096;
    /** Keeps the UDP port open without a peer. Member numbers begin at 1, so nothing authentic comes on it. */
    private static final int NOBODYS_STREAM = AeronFrame.NO_STREAM;

    private final BearerParts parts;
    private final MediaDriver driver;
    private final AgentInvoker driverInvoker;
    private final Aeron aeron;
    private final AgentInvoker clientInvoker;
    private final String ownChannel;
    /** What goes wrong before is thrown by the constructor. */
    private volatile boolean open;

    /**
     * Starts the driver and opens the UDP port.
     *
     * @param settings     of the bearer.
     * @param associations by which datagrams are protected and opened.
     * @param demand       asked for associations that a peer uses and this node does not have.
     * @param drops        where what is lost is counted.
     * @param clock        the data thread's.
     * @param errors       told of what Aeron finds wrong.
     * @throws BearerException if the UDP port can't be opened.
     */
    public Bearer(BearerSettings settings, SecurityAssociationDatabase associations, KeyDemand demand, DropCounters drops,
            NanoClock clock, ErrorHandler errors) {
        parts = new BearerParts(settings, associations, new SegmentSender(drops),
                new DatagramOpener(associations, demand, drops), new ReceiveBatch(1, FEEDBACK_SLOT_LENGTH),
                new DescriptorSet(), new Int2ObjectHashMap<>(), drops, clock);
        ownChannel = channel(settings.address()) + "|reliable=false";
        ErrorHandler whenOpen = error -> {
            if (open) {
                errors.onError(error);
            }
        };
        driver = MediaDriver.launch(driverContext(settings, whenOpen));
        driverInvoker = driver.sharedAgentInvoker();
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(settings.directory().toString())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driverInvoker)
                .errorHandler(whenOpen));
        clientInvoker = aeron.conductorAgentInvoker();
        try {
            aeron.addSubscription(ownChannel, NOBODYS_STREAM);
            open = true;
        } catch (RegistrationException e) {
            close();
            throw new BearerException("UDP " + settings.address() + " can't be opened: " + e.getMessage()
                    + ". Another program may have the port, or the address is not on this machine"
                    + " (ss -ulpn shows who has it); change bearer.host or bearer.port.", e);
        }
    }

    private MediaDriver.Context driverContext(BearerSettings settings, ErrorHandler errors) {
        return new MediaDriver.Context()
                .aeronDirectoryName(settings.directory().toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.INVOKER)
                .mtuLength(PathGeometry.aeronMtu(settings.pathMtu()))
                .publicationTermBufferLength(settings.termLength())
                .publicationTermWindowLength(UNSENT_DATAGRAMS * PathGeometry.aeronMtu(settings.pathMtu()))
                .streamSessionLimit(SESSIONS_OF_A_PEER)
                .clientLivenessTimeoutNs(CLIENT_LIVENESS_NS)
                .publicationUnblockTimeoutNs(2 * CLIENT_LIVENESS_NS)
                .sendChannelEndpointSupplier((udpChannel, status, context) ->
                        new ProtectingSendEndpoint(udpChannel, status, context, parts))
                .receiveChannelEndpointSupplier((udpChannel, dispatcher, status, context) ->
                        new ProtectingReceiveEndpoint(udpChannel, dispatcher, status, context, parts))
                .congestControlSupplier((registrationId, udpChannel, streamId, sessionId, termLength, senderMtu, control,
                        source, clock, context, counters) -> new ReceiverWindow(settings.window(), termLength))
                .errorHandler(errors);
    }

    /** One turn of Aeron's driver and client. */
    public int doWork() {
        return driverInvoker.invoke() + clientInvoker.invoke();
    }

    /** Opens the streams to a peer. */
    public PeerStream open(PeerAssociations peer, InetSocketAddress address) {
        return new PeerStream(aeron, parts.clock(), peer, address, ownChannel, parts.settings().pathMtu());
    }

    /**
     * Tells the peer by a dummy packet that the candidate association is ready here.
     *
     * @param peer with a candidate.
     */
    public void probeCandidate(PeerAssociations peer) {
        ProtectingSendEndpoint endpoint = parts.sendEndpoints().get(peer.peerNumber());
        if (endpoint != null) {
            endpoint.probeCandidate(peer);
        }
    }

    /** Gives up what has waited in vain. Call a few times a second. */
    public void expire(long nowNs) {
        parts.opener().expire(nowNs);
    }

    /** What the data thread waits on when it has nothing to do. */
    public DescriptorSet descriptors() {
        return parts.descriptors();
    }

    /** Largest packet, its offload header included, that one Aeron message carries, in bytes. */
    public static int largestMessage(int pathMtu) {
        return PathGeometry.aeronMtu(pathMtu) - DataHeaderFlyweight.HEADER_LENGTH;
    }

    /**
     * The channel to a peer. Aeron shares an endpoint between channels of one address, but ours protects for one peer: without a control
     * address of port 0, which makes each channel unlike any other, a member that claims another's address would get the other's packets
     * under its own key.
     */
    static String channelTo(InetSocketAddress address, int peerNumber) {
        String anyPort = address.getAddress() instanceof Inet6Address ? "[::]:0" : "0.0.0.0:0";
        return channel(address) + "|control=" + anyPort + "|alias=" + ProtectingSendEndpoint.alias(peerNumber);
    }

    static String channel(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        int scope = host.indexOf('%');
        host = scope < 0 ? host : host.substring(0, scope);
        return "aeron:udp?endpoint=" + (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":"
                + address.getPort();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(aeron, driver);
    }
}
