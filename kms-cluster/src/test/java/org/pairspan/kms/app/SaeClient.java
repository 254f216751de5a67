package org.pairspan.kms.app;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.pairspan.kms.etsi014.KeyContainer;
import org.pairspan.kms.etsi014.MalformedMessageException;
import org.pairspan.kms.etsi014.MessageReader;

/** An SAE with the JDK's HTTP client and TLS. */
final class SaeClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Pattern FIGURE = Pattern.compile("\"([A-Za-z_]+)\":\"?([^\",}]+)");

    private final HttpClient client;
    private final InetSocketAddress address;

    SaeClient(SSLContext tls, InetSocketAddress address) {
        client = HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
        this.address = address;
    }

    HttpResponse<String> get(String path) throws IOException {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String body) throws IOException {
        return post(path, "application/json", body);
    }

    HttpResponse<String> post(String path, String type, String body) throws IOException {
        return send(request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    HttpResponse<String> send(String method, String path) throws IOException {
        return send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    /** The keys of an answer, by ID in its order. */
    static KeyContainer keys(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() != 200) {
            throw new IOException("status " + answer.statusCode() + ": " + answer.body());
        }
        try {
            return MessageReader.keyContainer(answer.body().getBytes(StandardCharsets.UTF_8));
        } catch (MalformedMessageException e) {
            throw new IOException(e);
        }
    }

    /** {@code {"key_IDs":[...]}}. */
    static String keyIds(KeyContainer container) {
        List<String> ids = new ArrayList<>();
        for (KeyContainer.Key key : container.keys()) {
            UUID id = key.id();
            ids.add("{\"key_ID\":\"" + id + "\"}");
        }
        return "{\"key_IDs\":[" + String.join(",", ids) + "]}";
    }

    /** A value of a flat object, as text. */
    static String value(HttpResponse<String> answer, String name) {
        Matcher matcher = FIGURE.matcher(answer.body());
        while (matcher.find()) {
            if (matcher.group(1).equals(name)) {
                return matcher.group(2);
            }
        }
        throw new AssertionError("no " + name + " in " + answer.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://" + address.getHostString() + ':' + address.getPort() + "/api/v1/keys/" + path))
                .timeout(PATIENCE);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
