package org.pairspan.kms.delivery;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.Allow;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.pairspan.kms.endpoint.UnsentSecrets;
import org.pairspan.kms.etsi014.ErrorMessage;
import org.pairspan.kms.etsi014.JsonMessages;
import org.pairspan.kms.etsi014.KeyRequest;
import org.pairspan.kms.etsi014.MalformedMessageException;
import org.pairspan.kms.etsi014.MessageReader;

/**
 * HTTP to questions, answers to HTTP (ETSI GS QKD 014):
 *
 * <pre>
 * GET       /api/v1/keys/{slave_SAE_ID}/status
 * GET, POST /api/v1/keys/{slave_SAE_ID}/enc_keys     GET: number and size only
 * GET, POST /api/v1/keys/{master_SAE_ID}/dec_keys    GET: one key_ID
 * </pre>
 *
 * Any thread.
 */
final class HttpApi {

    /** Longest body of a request, bytes: enough for as many key IDs or SAE IDs as are read at all. */
    static final int MAX_BODY = 128 << 10;

    private static final Pattern PATH = Pattern.compile("/api/v1/keys/([^/]+)/(status|enc_keys|dec_keys)");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

    private final ClassicActorSystemProvider system;
    private final KeyDelivery delivery;
    private final DeliveryCounters counters;

    /** A question that is ready to be asked, or the answer to one that cannot be. */
    private interface Question {
        CompletionStage<DeliveryAnswer> ask(byte[] body) throws MalformedMessageException;
    }

    HttpApi(ClassicActorSystemProvider system, KeyDelivery delivery, DeliveryCounters counters) {
        this.system = system;
        this.delivery = delivery;
        this.counters = counters;
    }

    /**
     * Answers a request. Never fails.
     *
     * @param unsent told of an answer with keys in it
     */
    CompletionStage<HttpResponse> answer(Caller caller, HttpRequest request, UnsentSecrets unsent) {
        counters.requests.increment();
        Matcher path = PATH.matcher(request.getUri().path());
        if (!path.matches()) {
            return discard(request, error(StatusCodes.NOT_FOUND, new ErrorMessage("there is nothing at this path"), counters.badRequests));
        }
        boolean post = request.method().equals(HttpMethods.POST);
        boolean status = path.group(2).equals("status");
        if (post ? status : !request.method().equals(HttpMethods.GET)) {
            HttpMethod[] methods = status ? new HttpMethod[] {HttpMethods.GET} : new HttpMethod[] {HttpMethods.GET, HttpMethods.POST};
            return discard(request, error(StatusCodes.METHOD_NOT_ALLOWED, new ErrorMessage("the method is not one of this path"),
                    counters.badRequests).addHeader(Allow.create(methods)));
        }
        Map<String, String> query;
        try {
            query = request.getUri().query().toMap();
        } catch (IllegalUriException e) {
            return discard(request, bad("the query is malformed"));
        }
        Question question = body -> switch (path.group(2)) {
            case "status" -> delivery.status(caller, path.group(1));
            case "enc_keys" -> delivery.encKeys(caller, path.group(1), post ? MessageReader.keyRequest(body) : keyRequest(query));
            default -> delivery.decKeys(caller, path.group(1), post ? MessageReader.keyIds(body) : keyId(query));
        };
        if (post && !request.entity().isKnownEmpty()
                && !request.entity().getContentType().mediaType().equals(ContentTypes.APPLICATION_JSON.mediaType())) {
            return discard(request, bad("Content-Type shall be application/json"));
        }
        return whole(request).handle((body, failure) -> failure == null ? asked(question, body, unsent)
                        : CompletableFuture.completedStage(bad("the body shall come whole and have at most " + MAX_BODY + " bytes")
                                .addHeader(Connection.create("close"))))
                .thenCompose(answer -> answer);
    }

    /** GET has room for one key ID only. */
    private static List<UUID> keyId(Map<String, String> query) throws MalformedMessageException {
        only(query, List.of("key_ID"));
        if (query.isEmpty()) {
            throw new MalformedMessageException("key_ID is missing");
        }
        return List.of(MessageReader.uuid(query.get("key_ID")));
    }

    private static KeyRequest keyRequest(Map<String, String> query) throws MalformedMessageException {
        only(query, List.of("number", "size"));
        return new KeyRequest(query.containsKey("number") ? number(query, "number") : KeyRequest.DEFAULT.number(),
                query.containsKey("size") ? number(query, "size") : KeyRequest.DEFAULT.size(), List.of(), List.of());
    }

    private static void only(Map<String, String> query, List<String> names) throws MalformedMessageException {
        if (!names.containsAll(query.keySet())) {
            throw new MalformedMessageException("GET knows " + String.join(" and ", names) + " only");
        }
    }

    private static long number(Map<String, String> query, String name) throws MalformedMessageException {
        if (!NUMBER.matcher(query.get(name)).matches()) {
            throw new MalformedMessageException(name + " shall be a positive integer");
        }
        return Long.parseLong(query.get(name));
    }

    /** Fails where it is too long, or does not come in time. */
    private CompletionStage<byte[]> whole(HttpRequest request) {
        return request.entity().withSizeLimit(MAX_BODY).toStrict(delivery.patience().toMillis(), MAX_BODY, system)
                .thenApply(body -> body.getData().toArray());
    }

    private CompletionStage<HttpResponse> asked(Question question, byte[] body, UnsentSecrets unsent) {
        CompletionStage<DeliveryAnswer> answer;
        try {
            answer = question.ask(body);
        } catch (MalformedMessageException e) {
            return CompletableFuture.completedStage(bad(e.getMessage()));
        }
        return answer.thenApply(answered -> response(answered, unsent));
    }

    private HttpResponse response(DeliveryAnswer answer, UnsentSecrets unsent) {
        return switch (answer) {
            case DeliveryAnswer.Keys keys -> {
                byte[] json = JsonMessages.of(keys.container());
                keys.container().wipe();
                unsent.add(json);
                // A stream of one element, because an entity that is whole is copied behind its headers.
                yield HttpResponse.create().withStatus(StatusCodes.OK).withEntity(
                        HttpEntities.create(ContentTypes.APPLICATION_JSON, json.length, Source.single(ByteString.fromArrayUnsafe(json))));
            }
            case DeliveryAnswer.Figures figures -> json(StatusCodes.OK, JsonMessages.of(figures.status()));
            case DeliveryAnswer.BadRequest wrong -> error(StatusCodes.BAD_REQUEST, wrong.error(), counters.badRequests);
            case DeliveryAnswer.Unauthorized refused -> {
                counters.unauthorized.increment();
                yield HttpResponse.create().withStatus(StatusCodes.UNAUTHORIZED).withEntity(HttpEntities.EMPTY);
            }
            case DeliveryAnswer.Unavailable later -> error(StatusCodes.SERVICE_UNAVAILABLE, later.error(), counters.unavailable);
        };
    }

    private HttpResponse bad(String message) {
        return error(StatusCodes.BAD_REQUEST, new ErrorMessage(message), counters.badRequests);
    }

    private static HttpResponse error(StatusCode status, ErrorMessage message, LongAdder counter) {
        counter.increment();
        return json(status, JsonMessages.of(message));
    }

    private static HttpResponse json(StatusCode status, byte[] body) {
        return HttpResponse.create().withStatus(status)
                .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, ByteString.fromArrayUnsafe(body)));
    }

    /** Reads a body that nobody wants, so that the next request can come; it has the limits of one that somebody wants. */
    private CompletionStage<HttpResponse> discard(HttpRequest request, HttpResponse response) {
        return whole(request).handle((body, failure) -> failure == null ? response : response.addHeader(Connection.create("close")));
    }
}
