package org.pairspan.kms.delivery;

import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.KillSwitch;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.TLSProtocol.SendBytes;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.pairspan.kms.config.Etsi014Settings;
import org.pairspan.kms.endpoint.MemberConnections;
import org.pairspan.kms.endpoint.Strangers;
import org.pairspan.kms.endpoint.TlsStage;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.duration.Duration;

/**
 * Accepts SAEs: for each connection TCP → TLS with certificates at both ends → HTTP/1.1 → {@link HttpApi}, one request at a time.
 */
final class KeyDeliveryServer {

    private static final Logger LOG = LoggerFactory.getLogger(KeyDeliveryServer.class);
    private static final int BACKLOG = 256;
    /** Enough for a client that asks several questions at once. */
    private static final int MOST_OF_ONE_SAE = 32;

    private final ActorSystem<?> system;
    private final TlsContexts tls;
    private final HttpApi api;
    private final Etsi014Settings.Connections limits;
    private final DeliveryCounters counters;
    private final ServerSettings http;
    private final Strangers strangers;
    private final MemberConnections<KillSwitch> saes = new MemberConnections<>(MOST_OF_ONE_SAE);
    private final AtomicInteger open = new AtomicInteger();

    KeyDeliveryServer(ActorSystem<?> system, TlsContexts tls, HttpApi api, Etsi014Settings.Connections limits, DeliveryCounters counters) {
        this.system = system;
        this.tls = tls;
        this.api = api;
        this.limits = limits;
        this.counters = counters;
        http = settings(system);
        strangers = new Strangers(limits.maxUnauthenticated(), limits.maxUnauthenticatedOfOneAddress());
    }

    /** Who answers keeps the time, by {@link Etsi014Settings.Connections#requestTimeout()}: no limit of the library's own comes before. */
    static ServerSettings settings(ActorSystem<?> system) {
        ServerSettings http = ServerSettings.create(system.classicSystem()).withServerHeader(Optional.empty()).withPipeliningLimit(1);
        return http.withTimeouts(http.getTimeouts().withRequestTimeout(Duration.Inf()));
    }

    /** Begins to listen; the stage fails where the address cannot be had. The binding closes with the actor system. */
    CompletionStage<Tcp.ServerBinding> bind(InetSocketAddress address) {
        return Tcp.get(system).bind(address.getAddress().getHostAddress(), address.getPort(), BACKLOG, List.of(), false, Optional.empty())
                .to(Sink.foreach(this::accept))
                .run(system);
    }

    private void accept(Tcp.IncomingConnection connection) {
        InetSocketAddress from = connection.remoteAddress();
        if (open.incrementAndGet() > limits.max() || !strangers.admit(from.getAddress())) {
            open.decrementAndGet();
            counters.turnedAway.increment();
            connection.handleWith(Flow.fromSinkAndSource(Sink.cancelled(), Source.empty()), system);
            return;
        }
        counters.connections.increment();
        AtomicBoolean stranger = new AtomicBoolean(true);
        Runnable leaveStrangers = () -> {
            if (stranger.compareAndSet(true, false)) {
                strangers.leave(from.getAddress());
            }
        };
        CompletableFuture<Caller> caller = new CompletableFuture<>();
        KeysUnderWay underWay = new KeysUnderWay();
        SharedKillSwitch end = KillSwitches.shared("etsi-014-connection");
        Flow<HttpRequest, HttpResponse, NotUsed> answers = Flow.of(HttpRequest.class)
                .mapAsync(1, request -> caller.thenCompose(known -> api.answer(known, request, underWay)));
        Http.get(system).serverLayer(http, Optional.of(from))
                .atop(handshakeInTime())
                .atop(secured(from, caller, underWay, end, leaveStrangers))
                .atop(BidiFlow.<ByteString, ByteString>bidirectionalIdleTimeout(limits.idleTimeout()))
                .join(endingWith(connection.flow(), underWay).via(end.flow()))
                .join(answers.watchTermination((left, ended) -> {
                    ended.whenComplete((done, failure) -> closed(from, caller, end, leaveStrangers, failure));
                    return left;
                }))
                .run(system);
    }

    private void closed(InetSocketAddress from, CompletableFuture<Caller> caller, KillSwitch end, Runnable leaveStrangers,
            Throwable failure) {
        leaveStrangers.run();
        open.decrementAndGet();
        counters.connections.decrement();
        if (caller.completeExceptionally(new ClosedChannelException())) {
            counters.failedHandshakes.increment();
            LOG.info("a connection of {} ended before it was authenticated: {}", from, String.valueOf(failure));
            return;
        }
        String sae = caller.join().sae();
        saes.leave(sae, end);
        if (failure != null) {
            LOG.info("the connection of {} broke off: {}", sae, failure.toString());
        }
    }

    private static Flow<ByteString, ByteString, NotUsed> endingWith(Flow<ByteString, ByteString, NotUsed> connection,
            KeysUnderWay underWay) {
        return connection.watchTermination((left, ended) -> {
            ended.whenComplete((done, failure) -> underWay.end());
            return left;
        });
    }

    /** With the stage of the member link, which overwrites what it has encrypted. */
    private BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> secured(InetSocketAddress from,
            CompletableFuture<Caller> caller, KeysUnderWay underWay, KillSwitch end, Runnable leaveStrangers) {
        CompletableFuture<SSLSession> shown = new CompletableFuture<>();
        TlsStage stage = new TlsStage(() -> tls.serverEngine(Role.MEMBER), session -> {
            leaveStrangers.run();
            authenticated(new Caller(member(session), from), caller, end);
            shown.complete(session);
        });
        return BidiFlow.fromFlows(
                Flow.of(SslTlsOutbound.class).map(outbound -> underWay.encryptable(((SendBytes) outbound).bytes())),
                Flow.of(ByteString.class).map(plain -> (SslTlsInbound) new SessionBytes(shown.join(), plain)))
                .atop(BidiFlow.fromGraph(stage));
    }

    /** Counted before anything is answered; a connection that has ended meanwhile is not. */
    private void authenticated(Caller known, CompletableFuture<Caller> caller, KillSwitch end) {
        Optional<KillSwitch> oldest = saes.enter(known.sae(), end);
        if (!caller.complete(known) && caller.isCompletedExceptionally()) {
            saes.leave(known.sae(), end);
        }
        oldest.ifPresent(surplus -> {
            LOG.info("{} has more than {} connections, the oldest is closed", known.sae(), MOST_OF_ONE_SAE);
            surplus.abort(new ClosedChannelException());
        });
    }

    private static String member(SSLSession session) {
        try {
            return TlsContexts.peerIdentity(session).id();
        } catch (SSLPeerUnverifiedException e) {
            throw new IllegalStateException("the peer's certificate is not usable", e);
        }
    }

    private BidiFlow<SslTlsOutbound, SslTlsOutbound, SslTlsInbound, SslTlsInbound, NotUsed> handshakeInTime() {
        return BidiFlow.fromFlows(Flow.of(SslTlsOutbound.class), Flow.of(SslTlsInbound.class).initialTimeout(limits.handshakeTimeout()));
    }
}
