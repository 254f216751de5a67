package org.pairspan.kms.delivery;

import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.io.Inet;
import org.apache.pekko.stream.Attributes;
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
import org.apache.pekko.stream.scaladsl.TcpAttributes;
import org.apache.pekko.util.ByteString;
import org.pairspan.kms.config.Etsi014Settings;
import org.pairspan.kms.endpoint.MemberConnections;
import org.pairspan.kms.endpoint.Strangers;
import org.pairspan.kms.endpoint.TlsStage;
import org.pairspan.kms.endpoint.UnsentSecrets;
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
    /**
     * Bytes. The library's parser goes deeper into the stack with each request that it finds in what it is given: some hundreds of them,
     * which fit into one TLS record, overflow it, and that ends the process.
     */
    private static final int MOST_PARSED_AT_ONCE = 512;

    /** One byte, the least: the connection asks for more when the kernel has all, so that what is over for us waits nowhere for a peer that does not read. */
    private static final Attributes UNBUFFERED = TcpAttributes.tcpWriteBufferSize(1);

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
        return bind(address, List.of());
    }

    /** As the other, with options for the connections. */
    CompletionStage<Tcp.ServerBinding> bind(InetSocketAddress address, List<Inet.SocketOption> options) {
        return Tcp.get(system).bind(address.getAddress().getHostAddress(), address.getPort(), BACKLOG, options, false, Optional.empty())
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
        UnsentSecrets unsent = new UnsentSecrets();
        SharedKillSwitch end = KillSwitches.shared("etsi-014-connection");
        Flow<HttpRequest, HttpResponse, NotUsed> answers = Flow.of(HttpRequest.class)
                .wireTap(inTime(end))
                .mapAsync(1, request -> caller.thenCompose(known -> api.answer(known, request, unsent)));
        AtomicInteger directions = new AtomicInteger(2);
        Consumer<Throwable> directionOver = failure -> {
            if (directions.decrementAndGet() == 0) {
                unsent.end();
                leaveStrangers.run();
                gone(caller, end);
            }
        };
        Http.get(system).serverLayer(http, Optional.of(from))
                .atop(secured(from, caller, unsent, end, leaveStrangers))
                .join(ending(Flow.of(ByteString.class).via(end.<ByteString>flow()), directionOver)
                        .via(ending(connection.flow().addAttributes(UNBUFFERED), directionOver)).via(end.flow()))
                .join(ending(answers, failure -> over(from, caller, failure)))
                .run(system);
    }

    /**
     * Ends a connection that asks nothing for too long: who sends a byte of a request now and then is not silent, but asks nothing; nor does
     * who has hung up in his direction and is still to read the answers.
     */
    private Sink<HttpRequest, NotUsed> inTime(SharedKillSwitch end) {
        return Flow.of(HttpRequest.class).initialTimeout(limits.handshakeTimeout())
                .flatMapPrefix(1, first -> Flow.of(HttpRequest.class).concat(Source.never()).idleTimeout(limits.idleTimeout()))
                .via(end.flow())
                .to(Sink.onComplete(result -> {
                    if (result.isFailure()) {
                        end.abort(result.failed().get());
                    }
                }));
    }

    private static <I, O> Flow<I, O, NotUsed> ending(Flow<I, O, NotUsed> flow, Consumer<Throwable> action) {
        return flow.watchTermination((left, ended) -> {
            ended.whenComplete((done, failure) -> action.accept(failure));
            return left;
        });
    }

    /** No more requests are heard. */
    private void over(InetSocketAddress from, CompletableFuture<Caller> caller, Throwable failure) {
        if (isStranger(caller)) {
            counters.failedHandshakes.increment();
            LOG.info("a connection of {} ended before it was authenticated: {}", from, String.valueOf(failure));
        } else if (failure != null) {
            LOG.info("the connection of {} broke off: {}", caller.join().sae(), failure.toString());
        }
    }

    /** The connection itself has ended, in both directions, which may be later, where the peer does not read: it takes room until then. */
    private void gone(CompletableFuture<Caller> caller, KillSwitch end) {
        end.shutdown();
        open.decrementAndGet();
        counters.connections.decrement();
        if (!isStranger(caller)) {
            saes.leave(caller.join().sae(), end);
        }
    }

    /** Whether it did not show in time who it is; it is too late for that now. */
    private static boolean isStranger(CompletableFuture<Caller> caller) {
        return caller.completeExceptionally(new ClosedChannelException()) || caller.isCompletedExceptionally();
    }

    /** With the stage of the member link, which overwrites what it has encrypted. */
    private BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> secured(InetSocketAddress from,
            CompletableFuture<Caller> caller, UnsentSecrets unsent, KillSwitch end, Runnable leaveStrangers) {
        CompletableFuture<SSLSession> shown = new CompletableFuture<>();
        TlsStage stage = new TlsStage(() -> tls.serverEngine(Role.MEMBER), session -> {
            leaveStrangers.run();
            authenticated(new Caller(member(session), from), caller, end);
            shown.complete(session);
        });
        return BidiFlow.fromFlows(
                Flow.of(SslTlsOutbound.class).map(outbound -> encryptable(((SendBytes) outbound).bytes(), unsent)),
                Flow.of(ByteString.class).mapConcat(KeyDeliveryServer::parts)
                        .map(plain -> (SslTlsInbound) new SessionBytes(shown.join(), plain)))
                .atop(BidiFlow.fromGraph(stage));
    }

    private static List<ByteString> parts(ByteString plain) {
        List<ByteString> parts = new ArrayList<>();
        for (int from = 0; from < plain.size(); from += MOST_PARSED_AT_ONCE) {
            parts.add(plain.slice(from, Math.min(plain.size(), from + MOST_PARSED_AT_ONCE)));
        }
        return parts;
    }

    /** What the stage may overwrite: an answer with keys itself, of anything else a copy, since others may use that. */
    static byte[] encryptable(ByteString element, UnsentSecrets unsent) {
        byte[] bytes = element.toArrayUnsafe();
        return unsent.take(bytes) ? bytes : element.toArray();
    }

    /** Counted before anything is answered; a connection that has ended meanwhile is not. */
    private void authenticated(Caller known, CompletableFuture<Caller> caller, KillSwitch end) {
        Optional<KillSwitch> oldest = saes.enter(known.sae(), end);
        if (!caller.complete(known) && caller.isCompletedExceptionally()) {
            saes.leave(known.sae(), end);
        }
        oldest.ifPresent(surplus -> {
            counters.turnedAway.increment();
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
}
