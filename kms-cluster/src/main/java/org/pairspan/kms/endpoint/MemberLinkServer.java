package org.pairspan.kms.endpoint;

import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.stream.scaladsl.Framing.FramingException;
import org.apache.pekko.stream.typed.javadsl.ActorSink;
import org.apache.pekko.util.ByteString;
import org.pairspan.kms.endpoint.LinkCommand.Incoming;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;

/**
 * Accepts members: for each connection TCP → TLS → frames → one {@link MemberLink}, and back.
 */
public final class MemberLinkServer {

    private static final int BACKLOG = 1024;

    /** A member needs one; a few more it leaves behind where its machine dies, and they end when they have been silent for long enough. */
    private static final int MOST_OF_ONE_MEMBER = 8;

    private final ActorSystem<?> system;
    private final TlsContexts tls;
    private final LinkServices services;
    private final AtomicInteger open = new AtomicInteger();
    private final Strangers strangers;
    private final MemberConnections<ActorRef<LinkCommand>> members = new MemberConnections<>(MOST_OF_ONE_MEMBER);
    private final SharedKillSwitch endOfService = KillSwitches.shared("member-links");

    private MemberLinkServer(ActorSystem<?> system, TlsContexts tls, LinkServices services) {
        this.system = system;
        this.tls = tls;
        this.services = services;
        this.strangers = new Strangers(services.limits().maxUnauthenticated(), services.limits().maxUnauthenticatedOfOneAddress());
    }

    /**
     * Begins to listen; the stage fails where the address cannot be had. When the server leaves the cluster, the first thing it does is to
     * send its members to others.
     */
    public static CompletionStage<Tcp.ServerBinding> bind(ActorSystem<?> system, TlsContexts tls, LinkServices services) {
        MemberLinkServer server = new MemberLinkServer(system, tls, services);
        InetSocketAddress address = services.limits().address();
        return Tcp.get(system).bind(address.getAddress().getHostAddress(), address.getPort(), BACKLOG, List.of(), false,
                        Optional.empty())
                .to(Sink.foreach(server::accept))
                .run(system)
                .whenComplete((binding, failure) -> {
                    if (failure == null) {
                        CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseServiceUnbind(), "member-links",
                                () -> server.stop(binding));
                    }
                });
    }

    private CompletionStage<Done> stop(Tcp.ServerBinding binding) {
        return binding.unbind().thenApply(unbound -> {
            endOfService.shutdown();
            return Done.getInstance();
        });
    }

    private void accept(Tcp.IncomingConnection connection) {
        InetSocketAddress from = connection.remoteAddress();
        if (open.incrementAndGet() > services.limits().maxConnections() || !strangers.admit(from.getAddress())) {
            open.decrementAndGet();
            services.counters().linksTurnedAway.increment();
            connection.handleWith(Flow.fromSinkAndSource(Sink.cancelled(), Source.empty()), system);
            return;
        }
        services.counters().openLinks.increment();
        Runnable leaveStrangers = once(() -> strangers.leave(from.getAddress()));
        ActorRef<LinkCommand> link = system.systemActorOf(MemberLink.create(services, members),
                "member-link-" + from.getAddress().getHostAddress() + '-' + from.getPort() + '-' + System.nanoTime(), Props.empty());

        UnsentSecrets unsent = new UnsentSecrets();
        Pair<BoundedSourceQueue<byte[]>, UniqueKillSwitch> output = Source.<byte[]>queue(LinkOutput.CAPACITY)
                .via(endOfService.flow())
                .viaMat(KillSwitches.single(), Keep.both())
                .via(unsent.watch())
                .via(secured(connection, link, leaveStrangers))
                .via(frames())
                .to(deliver(link))
                .run(system);
        link.tell(new LinkCommand.Connected(new LinkOutput(output.first(), output.second(), unsent,
                work -> system.scheduler().scheduleOnce(TlsStage.LAST_WORDS, work, system.executionContext()))));
    }

    private static Runnable once(Runnable action) {
        AtomicBoolean done = new AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) {
                action.run();
            }
        };
    }

    /** Counted until the connection itself has ended, which may be later than its link, where the peer does not read. */
    private Flow<ByteString, ByteString, NotUsed> counted(Tcp.IncomingConnection connection, Runnable leaveStrangers) {
        return connection.flow().watchTermination((left, ended) -> {
            ended.whenComplete((done, failure) -> {
                leaveStrangers.run();
                open.decrementAndGet();
                services.counters().openLinks.decrement();
            });
            return left;
        });
    }

    /** Input that ends early, on a bad frame, leaves the output open for the refusal; the link then ends it. */
    private Flow<byte[], ByteString, NotUsed> secured(Tcp.IncomingConnection connection, ActorRef<LinkCommand> link, Runnable leaveStrangers) {
        return BidiFlow.fromGraph(new TlsStage(() -> tls.serverEngine(Role.MEMBER), session -> {
            leaveStrangers.run();
            authenticated(session, connection.remoteAddress(), link);
        })).join(counted(connection, leaveStrangers));
    }

    private static void authenticated(SSLSession session, InetSocketAddress from, ActorRef<LinkCommand> link) {
        try {
            link.tell(new LinkCommand.Authenticated(Peer.of(session, from)));
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("the peer's certificate is not usable", e);
        }
    }

    /** A frame that is too long, or cut off, becomes the last element: a bad one. */
    private static Flow<ByteString, Incoming, NotUsed> frames() {
        return Flow.of(ByteString.class)
                .via(Framing.lengthField(FrameCodec.PREFIX_LENGTH, 0, FrameCodec.PREFIX_LENGTH + FrameCodec.MAX_BODY_LENGTH,
                        ByteOrder.BIG_ENDIAN))
                .map(MemberLinkServer::parse)
                .recover(FramingException.class, () -> new Incoming.Bad("a frame has 1 to " + FrameCodec.MAX_BODY_LENGTH + " bytes"));
    }

    private static Incoming parse(ByteString frame) {
        try {
            return new Incoming.Good(FrameCodec.parseMember(frame.drop(FrameCodec.PREFIX_LENGTH).toArray()));
        } catch (MalformedMessageException e) {
            return new Incoming.Bad(e.getMessage());
        }
    }

    private static Sink<Incoming, NotUsed> deliver(ActorRef<LinkCommand> link) {
        return ActorSink.actorRefWithBackpressure(link, LinkCommand.Received::new, LinkCommand.FramesBegin::new, Done.getInstance(),
                new LinkCommand.Ended(null), LinkCommand.Ended::new);
    }
}
