package org.pairspan.kms.source.quantum;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.OutgoingConnectionBuilder;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.pairspan.kms.config.KeySourceSettings.Quantum;
import org.pairspan.kms.etsi014.JsonMessages;
import org.pairspan.kms.etsi014.KeyContainer;
import org.pairspan.kms.etsi014.KeyRequest;
import org.pairspan.kms.etsi014.MalformedMessageException;
import org.pairspan.kms.etsi014.MessageReader;
import org.pairspan.kms.source.KeySource;

/**
 * Asks a KME for keys: {@code POST /api/v1/keys/{slave_SAE_ID}/enc_keys} (ETSI GS QKD 014, "Get key"), each time over a connection of its
 * own. Time and length of the answer are bounded, redirects are not followed. Any thread.
 */
final class KmeClient implements KeyFetcher {

    private static final int HTTPS_PORT = 443;

    private final ClassicActorSystemProvider system;
    private final URI keys;
    private final Duration timeout;
    private final int maxAnswer;
    private final OutgoingConnectionBuilder connection;

    KmeClient(ClassicActorSystemProvider system, Quantum settings, KmeTls tls) {
        this.system = system;
        keys = URI.create(settings.url() + "/api/v1/keys/" + settings.slaveSae() + "/enc_keys");
        timeout = settings.timeout();
        maxAnswer = settings.maxAnswer();
        connection = Http.get(system).connectionTo(settings.url().getHost())
                .toPort(settings.url().getPort() < 0 ? HTTPS_PORT : settings.url().getPort())
                .withCustomHttpsConnectionContext(ConnectionContext.httpsClient(tls::engine))
                .withClientConnectionSettings(ClientConnectionSettings.create(system.classicSystem())
                        .withUserAgentHeader(Optional.empty()).withConnectingTimeout(timeout).withIdleTimeout(timeout));
    }

    @Override
    public CompletionStage<KeyContainer> fetch(int number) {
        byte[] question = JsonMessages.of(new KeyRequest(number, KeySource.KEY_LENGTH * Byte.SIZE, List.of(), List.of()));
        HttpRequest request = HttpRequest.POST(keys.getRawPath()).withEntity(ContentTypes.APPLICATION_JSON, question);
        CompletableFuture<KeyContainer> answer = new CompletableFuture<>();
        Source.single(request)
                .via(connection.https())
                .mapAsync(1, response -> read(response).thenApply(found -> give(found, answer)))
                .completionTimeout(timeout)
                .runWith(Sink.head(), system)
                .whenComplete((given, failure) -> {
                    if (failure != null) {
                        answer.completeExceptionally(told(failure));
                    }
                });
        return answer;
    }

    /** Keys that come when nobody waits for them any more are wiped: none of them was used, or will be. */
    static boolean give(KeyContainer found, CompletableFuture<KeyContainer> answer) {
        boolean awaited = answer.complete(found);
        if (!awaited) {
            found.wipe();
        }
        return awaited;
    }

    private CompletionStage<KeyContainer> read(HttpResponse response) {
        int status = response.status().intValue();
        if (status != 200) {
            return CompletableFuture.failedStage(new KmeException(refusal(status), "the KME answered with status " + status));
        }
        HttpEntity entity = response.entity().withSizeLimit(maxAnswer);
        if (!entity.getContentType().mediaType().equals(ContentTypes.APPLICATION_JSON.mediaType())) {
            return CompletableFuture.failedStage(new KmeException(KmeFailure.MALFORMED, "the KME's answer is not JSON by its type"));
        }
        if (entity.getContentLengthOption().orElse(0) > maxAnswer) {
            return CompletableFuture.failedStage(tooLarge(null));
        }
        return entity.toStrict(timeout.toMillis(), maxAnswer, system).thenApply(whole -> {
            byte[] answer = whole.getData().toArray();
            try {
                return MessageReader.keyContainer(answer);
            } catch (MalformedMessageException e) {
                throw new KmeException(KmeFailure.MALFORMED, "the KME's answer is no key container: " + e.getMessage(), e);
            } finally {
                Arrays.fill(answer, (byte) 0);
            }
        });
    }

    private static KmeFailure refusal(int status) {
        return switch (status) {
            case 400 -> KmeFailure.BAD_REQUEST;
            case 401 -> KmeFailure.UNAUTHORIZED;
            case 503 -> KmeFailure.UNAVAILABLE;
            default -> status >= 300 && status < 400 ? KmeFailure.REDIRECT : KmeFailure.STATUS;
        };
    }

    private KmeException tooLarge(Throwable cause) {
        return new KmeException(KmeFailure.TOO_LARGE, "the answer is longer than " + maxAnswer + " bytes", cause);
    }

    private KmeException told(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case KmeException known -> known;
            case TimeoutException late -> new KmeException(KmeFailure.TIMEOUT, "no answer within " + timeout.toMillis() + " ms", late);
            case EntityStreamSizeException endless -> tooLarge(endless);
            case SSLException tls -> new KmeException(KmeFailure.TLS, String.valueOf(tls.getMessage()), tls);
            default -> new KmeException(KmeFailure.CONNECTION, String.valueOf(cause.getMessage()), cause);
        };
    }
}
