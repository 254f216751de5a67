package org.pairspan.node.pipeline;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.NanoClock;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.bearer.Bearer;
import org.pairspan.node.classify.OwnPrefixes;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.handshake.ExchangeOutcome;
import org.pairspan.node.handshake.Handshakes;
import org.pairspan.node.keyring.AssociationChange;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.keyring.DataPlane;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.node.observe.NodeTelemetry;
import org.pairspan.node.observe.PeerTelemetry;
import org.pairspan.node.offload.PacketGatherer;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

/**
 * The data thread: in each turn it takes what the control thread has queued, moves what the network has brought to the device and packets
 * from the device to the streams, and gives the bearer its turn, which sends them. So neither a packet nor what the site's host answers at
 * once waits for a second turn. With nothing to do it waits in {@code ppoll(2)} on the device, the UDP socket and the event of the
 * control thread, and not longer than timers allow.
 */
public final class DataPlaneRunner implements DataPlane, NodeTelemetry, AutoCloseable {
    private static final int COMMANDS = 4096;
    /** Of key exchanges. They have a queue of their own, as what finds no room is sent again, but an association is lost. */
    private static final int EXCHANGE_RESULTS = 4096;
    private static final long CLOSE_TIMEOUT_MS = TimeUnit.SECONDS.toMillis(5);

    private final NanoClock clock;
    private final DropCounters drops = new DropCounters();
    private final CommandQueue commands = new CommandQueue(COMMANDS);
    private final CommandQueue exchangeResults = new CommandQueue(EXCHANGE_RESULTS);
    private final BooleanSupplier nothingWaits = () -> commands.isEmpty() && exchangeResults.isEmpty();
    private final UnknownAddresses unknown = new UnknownAddresses();
    private final PacketDevice device;
    private final Consumer<Throwable> failure;
    private final AssociationChanges changes;
    private final SecurityAssociationDatabase associations;
    private final PeerDirectory peers = new PeerDirectory();
    private final Bearer bearer;
    private final Handshakes handshakes;
    private final TunnelFactory factory;
    private final Housekeeping housekeeping;
    private final OutboundPipeline outbound;
    private final InboundPipeline inbound;
    private final Rest rest;
    private final Thread thread;
    private volatile boolean running;

    /**
     * Opens the UDP port; {@link #start} lets packets flow.
     *
     * @param settings  of the data plane.
     * @param device    the site's side; closed by the caller, after this.
     * @param demand    asked for keys.
     * @param exchanges makes what exchanges keys, which tells this data plane what comes of it; it runs and ends with this.
     * @param clock     of the data thread; Aeron's driver and the thread of the key exchanges keep to the machine's.
     * @param errors    told of what Aeron finds wrong; the data plane goes on.
     * @param failure   told once, on the data thread, when the data plane has stopped because of an error.
     * @throws org.pairspan.node.bearer.BearerException when the UDP port can't be opened.
     */
    public DataPlaneRunner(DataPlaneSettings settings, PacketDevice device, KeyDemand demand,
            Function<ExchangeOutcome, Handshakes> exchanges, NanoClock clock, ErrorHandler errors, Consumer<Throwable> failure) {
        this.device = device;
        this.clock = clock;
        this.failure = failure;
        associations = new SecurityAssociationDatabase(settings.lifetime(), this::inUse);
        OwnPrefixes own = new OwnPrefixes(settings.ownPrefixes());
        long holdTimeNs = settings.hold().time().toNanos();
        HoldQueue held = new HoldQueue(settings.hold().packets(), settings.hold().bytes(), holdTimeNs, drops);
        outbound = new OutboundPipeline(device, own, peers, settings.policy(), demand, held, unknown,
                new TooBigNotice(device, drops, tunnel -> tunnel.session().pathMtuState().isSettled(), clock.nanoTime()), drops);
        inbound = new InboundPipeline(own, peers, new PacketGatherer(device, drops), drops);
        bearer = new Bearer(settings.bearer(), associations, demand, this::onControl, drops, clock, errors);
        handshakes = exchanges.apply(new ExchangeResults(result -> command(exchangeResults, result), associations, peers, bearer, clock));
        changes = new AssociationChanges(associations, handshakes, new PeerClosing(associations, peers, handshakes), clock);
        housekeeping = new Housekeeping(associations, peers, bearer, demand, held, holdTimeNs, clock.nanoTime());
        factory = new TunnelFactory(settings, bearer, handshakes, demand, drops);
        rest = new Rest(bearer.descriptors(), device.descriptor(), clock.nanoTime());
        thread = Thread.ofPlatform().name("data").unstarted(this::run);
    }

    /** Starts the data thread. Once. */
    public void start() {
        running = true;
        handshakes.start();
        thread.start();
    }

    private void run() {
        try {
            while (running) {
                turn(clock.nanoTime());
            }
        } catch (RuntimeException | Error e) {
            failure.accept(e);
        } finally {
            running = false;
            commands.close();
            exchangeResults.close();
            try {
                sayGoodbye();
            } finally {
                CloseHelper.closeAll(rest, bearer, associations::destroy);
            }
        }
    }

    private void sayGoodbye() {
        for (PeerTunnel tunnel : peers.tunnels()) {
            tunnel.protocols().close(clock.nanoTime());
        }
    }

    private void turn(long nowNs) {
        int control = commands.drain() + exchangeResults.drain() + bearer.receive(nowNs);
        int packets = inbound.doWork(nowNs) + outbound.doWork(nowNs);
        control += bearer.doWork();
        control += doProtocols(nowNs);
        housekeeping.doWork(nowNs);
        if (rest.isDue(packets, control, nowNs)) {
            rest.await(nothingWaits, urgentInNs(nowNs), nowNs);
        }
    }

    private long urgentInNs(long nowNs) {
        long urgent = Long.MAX_VALUE;
        for (PeerTunnel tunnel : peers.tunnels()) {
            urgent = Math.min(urgent, tunnel.protocols().urgentInNs(nowNs));
        }
        return urgent;
    }

    private int doProtocols(long nowNs) {
        int work = 0;
        for (PeerTunnel tunnel : peers.tunnels()) {
            work += tunnel.protocols().doWork(nowNs);
        }
        return work;
    }

    private void onControl(PeerAssociations peer, DirectBuffer message, int offset, int length, long nowNs) {
        PeerTunnel tunnel = peers.tunnel(peer.peerNumber());
        if (tunnel != null) {
            tunnel.protocols().onControl(message, offset, length, nowNs);
        }
    }

    @Override
    public CompletionStage<Void> install(AssociationGrant grant) {
        CompletableFuture<Void> installed = new CompletableFuture<>();
        command(commands, Command.of(() -> {
            onInstall(grant);
            installed.complete(null);
        }, () -> {
            grant.destroy();
            installed.completeExceptionally(new IllegalStateException("the data plane takes no more associations now"));
        }));
        return installed;
    }

    @Override
    public CompletionStage<Boolean> change(AssociationChange change) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        command(commands, Command.of(() -> done.complete(changes.take(change)), () -> {
            if (change instanceof AssociationChange.Prepare(AssociationGrant grant)) {
                grant.destroy();
            }
            done.completeExceptionally(new IllegalStateException("the data plane takes no changes now"));
        }));
        return done;
    }

    /** Has the data thread do something, soon even where it waits; or refuses it. Any thread. */
    private void command(CommandQueue queue, Command command) {
        if (running) {
            queue.add(command);
        } else {
            command.refuse();
        }
        rest.interrupt();
    }

    private void onInstall(AssociationGrant grant) {
        associations.install(grant, clock.nanoTime());
        inUse(grant);
    }

    /** Packets of the peer under this grant can come and go: there is a tunnel for them. */
    private void inUse(AssociationGrant grant) {
        PeerTunnel tunnel = peers.tunnel(grant.peerNumber());
        if (tunnel == null) {
            tunnel = factory.make(associations.peer(grant.peerNumber()), grant, clock.nanoTime());
        } else {
            factory.update(tunnel, grant, clock.nanoTime());
        }
        peers.put(tunnel);
        handshakes.install(grant);
    }

    @Override
    public void peerUnknown(byte[] address, Duration forget) {
        command(commands, Command.of(() -> unknown.add(address, clock.nanoTime() + forget.toNanos()), () -> {
            // The next packet to this address asks again.
        }));
    }

    @Override
    public long drops(DropReason reason) {
        return drops.get(reason) + handshakes.drops(reason);
    }

    @Override
    public int heldPackets() {
        return housekeeping.heldPackets();
    }

    @Override
    public long streamMemory() {
        return bearer.promisedBytes();
    }

    @Override
    public long streamsRefused() {
        return bearer.refusedStreams();
    }

    @Override
    public List<? extends PeerTelemetry> peers() {
        return List.of(peers.tunnels());
    }

    @Override
    public long packetsOut() {
        return peers.traffic().packetsOut();
    }

    @Override
    public long bytesOut() {
        return peers.traffic().bytesOut();
    }

    @Override
    public long packetsIn() {
        return peers.traffic().packetsIn();
    }

    @Override
    public long bytesIn() {
        return peers.traffic().bytesIn();
    }

    /** Stops the data thread, closes the UDP port and wipes every key. */
    @Override
    public void close() {
        boolean started = running || thread.isAlive();
        running = false;
        rest.interrupt();
        if (!started) {
            CloseHelper.closeAll(handshakes, rest, bearer);
            return;
        }
        handshakes.close();
        try {
            thread.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
