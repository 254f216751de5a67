package org.pairspan.node.bearer;

import io.aeron.Aeron;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.aeron.exceptions.RegistrationException;
import io.aeron.exceptions.StorageSpaceException;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.CachedNanoClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.nio.TransportPoller;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.node.posix.PacketCalls;
import org.pairspan.protocol.session.OutboundAssociation;
import org.pairspan.protocol.wire.DropCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Aeron driver and client of this node, run by the data thread itself: every call of {@link #doWork()} is one turn of the driver's
 * sender, receiver and conductor. So a packet passes from the device to the wire, or back, without a change of thread. What comes from the
 * wire is taken by {@link #receive()}, so that it can be with the device before the driver has its turn.
 */
public final class Bearer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bearer.class);
    /** A suspended process must find its streams alive when it goes on, so the driver never gives up on its own client. */
    private static final long CLIENT_LIVENESS_NS = TimeUnit.DAYS.toNanos(1);
    /** What may wait for Aeron's sender, in turns of it: more would only be a longer queue in front of the packet that comes next. */
    private static final int UNSENT_BATCHES = 2;
    /** A peer has one session, up to four old ones for seconds while its terms grow, and all of them for twenty more after each restart. */
    static final int SESSIONS_OF_A_PEER = 16;
    /** Room for the counters of a thousand peers; Aeron's default takes four times the memory, all of it touched at the start. */
    private static final int COUNTERS_LENGTH = 2 << 20;
    /** See {@link ProtectingSendEndpoint#checkForReResolution}: soon enough for the first answer of the first peer, and not at every turn. */
    private static final long RE_RESOLUTION_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** How long the memory of a stream stays that is closed and empty. Aeron would send again from it, but nobody here ever asks for that. */
    private static final long LINGER_NS = TimeUnit.SECONDS.toNanos(1);
    /** Keeps the UDP port open without a peer. Member numbers begin at 1, so nothing authentic comes on it. */
    private static final int NOBODYS_STREAM = AeronFrame.NO_STREAM;

    static {
        // Aeron asks its selector, with a system call and objects, as soon as it has more channels than this. Ours have no sockets: asking
        // each of them costs next to nothing.
        System.setProperty(TransportPoller.ITERATION_THRESHOLD_PROP_NAME, Integer.toString(Integer.MAX_VALUE));
    }

    private final BearerParts parts;
    private final StreamMemory memory;
    private final MediaDriver driver;
    private final AgentInvoker driverInvoker;
    private final Aeron aeron;
    private final AgentInvoker clientInvoker;
    private final AgentInvoker receiverInvoker;
    /** The time at which Aeron takes a datagram to have come. */
    private final CachedNanoClock receiverClock = new CachedNanoClock();
    private final String ownChannel;
    private int openings;
    private long turnNs;
    /** What goes wrong before is thrown by the constructor. */
    private volatile boolean open;

    /**
     * Starts the driver and opens the UDP port.
     *
     * @param settings     of the bearer.
     * @param associations by which datagrams are protected and opened.
     * @param demand       asked for associations that a peer uses and this node does not have.
     * @param control      takes the control messages of peers.
     * @param drops        where what is lost is counted.
     * @param clock        the data thread's.
     * @param errors       told of what Aeron finds wrong.
     * @throws BearerException if the UDP port can't be opened.
     */
    public Bearer(BearerSettings settings, SecurityAssociationDatabase associations, KeyDemand demand, ControlHandler control,
            DropCounters drops, NanoClock clock, ErrorHandler errors) {
        this(settings, associations, demand, control, drops, clock, errors,
                new StreamMemory(new DirectoryStore(settings.directory()), clock, LOG::warn));
    }

    /** @param streamMemory that all streams share. */
    Bearer(BearerSettings settings, SecurityAssociationDatabase associations, KeyDemand demand, ControlHandler control,
            DropCounters drops, NanoClock clock, ErrorHandler errors, StreamMemory streamMemory) {
        memory = streamMemory;
        Int2ObjectHashMap<PeerPath> paths = new Int2ObjectHashMap<>();
        parts = new BearerParts(settings, new DatagramSender(new SendBatch(PacketCalls::sendmmsg, drops), drops),
                new DatagramReceiver(associations, demand, paths, control, drops, memory), paths, new DescriptorSet(), silentChannel(), clock,
                drops);
        ownChannel = channel(settings.address()) + "|reliable=false";
        ErrorHandler whenOpen = error -> {
            // Of want of room the stream memory tells, and what to do.
            if (open && !(error instanceof StorageSpaceException)) {
                errors.onError(error);
            }
        };
        PromisedLogs logs = new PromisedLogs(memory);
        driver = MediaDriver.launch(logs.installAt(driverContext(settings, paths, whenOpen)));
        logs.open(driver.context());
        OneIteratorList.installAt(driver);
        driverInvoker = driver.sharedAgentInvoker();
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(settings.directory().toString())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driverInvoker)
                .errorHandler(whenOpen));
        clientInvoker = aeron.conductorAgentInvoker();
        receiverInvoker = receiverInvoker(whenOpen);
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

    private static DatagramChannel silentChannel() {
        try {
            DatagramChannel channel = DatagramChannel.open();
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            throw new BearerException("no UDP socket can be opened at all: " + e.getMessage(), e);
        }
    }

    private MediaDriver.Context driverContext(BearerSettings settings, Int2ObjectHashMap<PeerPath> paths, ErrorHandler errors) {
        int mtu = PeerPath.aeronMtu(settings.pathMtu());
        return new MediaDriver.Context()
                .aeronDirectoryName(settings.directory().toString())
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .threadingMode(ThreadingMode.INVOKER)
                .asyncExecutorEnabled(false)
                .mtuLength(mtu)
                .publicationTermBufferLength(settings.termLength())
                .publicationTermWindowLength(UNSENT_BATCHES * mtu)
                .termBufferSparseFile(true)
                .counterValuesBufferLength(COUNTERS_LENGTH)
                .receiverCachedNanoClock(receiverClock)
                .reResolutionCheckIntervalNs(RE_RESOLUTION_NS)
                .streamSessionLimit(SESSIONS_OF_A_PEER)
                .publicationLingerTimeoutNs(LINGER_NS)
                .clientLivenessTimeoutNs(CLIENT_LIVENESS_NS)
                .publicationUnblockTimeoutNs(2 * CLIENT_LIVENESS_NS)
                .sendChannelEndpointSupplier((udpChannel, status, context) ->
                        new ProtectingSendEndpoint(udpChannel, status, context, parts))
                .receiveChannelEndpointSupplier((udpChannel, dispatcher, status, context) ->
                        new ProtectingReceiveEndpoint(udpChannel, dispatcher, status, context, parts))
                .congestControlSupplier((registrationId, udpChannel, streamId, sessionId, termLength, senderMtu, control,
                        source, clock, context, counters) ->
                        new ReceiverWindow(paths.get(streamId), sessionId, settings.window(), termLength))
                .errorHandler(errors);
    }

    /** What Aeron finds wrong with a datagram, for want of memory as an example, is told and ends nothing, as in the driver's own turn. */
    private AgentInvoker receiverInvoker(ErrorHandler errors) {
        AgentInvoker invoker = new AgentInvoker(errors, null, new Agent() {
            @Override
            public int doWork() {
                // What waited while the process was suspended has come now, or Aeron would give up the streams that it belongs to.
                receiverClock.update(SystemNanoClock.INSTANCE.nanoTime());
                return parts.receiver().receive(turnNs);
            }

            @Override
            public String roleName() {
                return "datagrams";
            }
        });
        invoker.start();
        return invoker;
    }

    /**
     * Takes the datagrams that wait into the streams of their peers. Each turn.
     *
     * @param nowNs the time when the turn began: all that happens in a turn happens then.
     * @return how many.
     */
    public int receive(long nowNs) {
        turnNs = nowNs;
        return receiverInvoker.invoke();
    }

    /** One turn of Aeron's driver and client. What was sent or changed counts as work. */
    public int doWork() {
        return driverInvoker.invoke() + clientInvoker.invoke();
    }

    /**
     * Opens the streams to a peer. Once for each, and again after they were closed.
     *
     * @param peer whose address is known.
     */
    public PeerStream open(PeerAssociations peer) {
        int pathMtu = parts.settings().pathMtu();
        PeerPath path = new PeerPath(peer, PeerLabel.of(peer.peerNumber(), openings++), pathMtu, PeerPath.aeronMtu(pathMtu));
        parts.paths().put(peer.peerNumber(), path);
        return new PeerStream(aeron, parts, path, ownChannel);
    }

    /**
     * Sends a control message under the association that protects payload to the peer now.
     *
     * @param peer    to whom.
     * @param message holding it, the code of its {@link org.pairspan.protocol.control.ControlType} first.
     * @param offset  where it begins.
     * @param length  its length in bytes.
     * @param nowNs   the time.
     * @return whether it was given to the network.
     */
    public boolean sendControl(PeerAssociations peer, DirectBuffer message, int offset, int length, long nowNs) {
        PeerPath path = parts.paths().get(peer.peerNumber());
        return path != null && parts.sender().sendControl(path, message, offset, length, nowNs);
    }

    /**
     * Sends a control message that is filled with zeros until its IP packet has a given length.
     *
     * @param packetLength in bytes, IP header included; what ESP's alignment makes of it may be up to 3 bytes shorter.
     * @return whether it was given to the network; it is not where the network interface takes no packet so long.
     */
    public boolean sendProbe(PeerAssociations peer, DirectBuffer message, int offset, int length, int packetLength, long nowNs) {
        PeerPath path = parts.paths().get(peer.peerNumber());
        return path != null && parts.sender().sendProbe(path, message, offset, length,
                OutboundAssociation.payloadCapacity(path.datagramLength(packetLength)), nowNs);
    }

    /**
     * Sends a dummy packet (RFC 4303 section 2.6).
     *
     * @param length of its plaintext, without the ESP trailer, in bytes.
     * @return whether it was given to the network.
     */
    public boolean sendDummy(PeerAssociations peer, int length, long nowNs) {
        return parts.sender().sendDummy(peer, length, nowNs);
    }

    /**
     * Tells the peer by a dummy packet that the candidate association is ready here.
     *
     * @param peer with a candidate; nothing happens where its streams are not open.
     */
    public void probeCandidate(PeerAssociations peer) {
        PeerPath path = parts.paths().get(peer.peerNumber());
        if (path != null) {
            parts.sender().probeCandidate(path, parts.clock().nanoTime());
        }
    }

    /** Bytes of memory that streams have taken or may still take, both ways, all peers. Any thread. */
    public long promisedBytes() {
        return memory.promisedBytes();
    }

    /** How often a stream, ours or a peer's, was not made for want of memory. Any thread. */
    public long refusedStreams() {
        return memory.refusals();
    }

    /** What the data thread waits on when it has nothing to do. */
    public DescriptorSet descriptors() {
        return parts.descriptors();
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
        CloseHelper.closeAll(aeron, driver, parts.silent());
    }
}
