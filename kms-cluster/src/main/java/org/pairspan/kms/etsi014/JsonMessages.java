package org.pairspan.kms.etsi014;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Messages to JSON in UTF-8. {@link MessageReader} reads them. */
public final class JsonMessages {

    private static final int MAX_DEPTH = 16;
    private static final int MAX_NAME = 128;
    private static final int MAX_NUMBER = 18;
    private static final int UUID_LENGTH = 36;
    private static final byte[] KEYS = ascii("{\"keys\":[");
    private static final byte[] KEY_ID = ascii("{\"key_ID\":\"");
    private static final byte[] KEY = ascii("\",\"key\":\"");
    private static final byte[] KEY_END = ascii("\"}");
    private static final byte[] KEYS_END = ascii("]}");

    /**
     * Buffers are not kept for reuse: they hold keys. Names must not come twice, and nothing but numbers of integer length, names and texts
     * of sane length, and a nesting that no extension needs more of, is read at all.
     */
    static final JsonFactory JSON = new JsonFactoryBuilder()
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxNameLength(MAX_NAME)
                    .maxNumberLength(MAX_NUMBER).maxStringLength(MessageReader.MAX_TEXT).build())
            .build();

    private JsonMessages() {
    }

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** Clause 6.1. */
    public static byte[] of(Status status) {
        return object(json -> {
            json.writeStringField("source_KME_ID", status.sourceKme());
            json.writeStringField("target_KME_ID", status.targetKme());
            json.writeStringField("master_SAE_ID", status.masterSae());
            json.writeStringField("slave_SAE_ID", status.slaveSae());
            json.writeNumberField("key_size", status.keySize());
            json.writeNumberField("stored_key_count", status.storedKeyCount());
            json.writeNumberField("max_key_count", status.maxKeyCount());
            json.writeNumberField("max_key_per_request", status.maxKeyPerRequest());
            json.writeNumberField("max_key_size", status.maxKeySize());
            json.writeNumberField("min_key_size", status.minKeySize());
            json.writeNumberField("max_SAE_ID_count", status.maxSaeIdCount());
        });
    }

    /** Clause 6.2; what is the KME's to choose is left out. */
    public static byte[] of(KeyRequest request) {
        return object(json -> {
            json.writeNumberField("number", request.number());
            if (request.size() > 0) {
                json.writeNumberField("size", request.size());
            }
            if (!request.additionalSlaves().isEmpty()) {
                json.writeArrayFieldStart("additional_slave_SAE_IDs");
                for (String slave : request.additionalSlaves()) {
                    json.writeString(slave);
                }
                json.writeEndArray();
            }
            if (!request.mandatoryExtensions().isEmpty()) {
                json.writeArrayFieldStart("extension_mandatory");
                for (String name : request.mandatoryExtensions()) {
                    json.writeStartObject();
                    json.writeStringField(name, "");
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
        });
    }

    /** Clause 6.3. The result holds keys, and nothing else that this leaves in memory does: the generator's own buffers would. */
    public static byte[] of(KeyContainer container) {
        int length = KEYS.length + KEYS_END.length;
        for (KeyContainer.Key key : container.keys()) {
            length += KEY_ID.length + UUID_LENGTH + KEY.length + base64Length(key.bytes().length) + KEY_END.length;
        }
        ByteBuffer json = ByteBuffer.allocate(length + Math.max(0, container.keys().size() - 1)).put(KEYS);
        for (KeyContainer.Key key : container.keys()) {
            if (json.position() > KEYS.length) {
                json.put((byte) ',');
            }
            byte[] text = Base64.getEncoder().encode(key.bytes());
            json.put(KEY_ID).put(ascii(key.id().toString())).put(KEY).put(text).put(KEY_END);
            Arrays.fill(text, (byte) 0);
        }
        return json.put(KEYS_END).array();
    }

    private static int base64Length(int bytes) {
        return (bytes + 2) / 3 * 4;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Clause 6.5. */
    public static byte[] of(ErrorMessage error) {
        return object(json -> {
            json.writeStringField("message", error.message());
            if (!error.details().isEmpty()) {
                json.writeArrayFieldStart("details");
                for (ErrorMessage.Detail detail : error.details()) {
                    json.writeStartObject();
                    json.writeStringField(detail.name(), detail.value());
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
        });
    }

    private static byte[] object(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory takes every byte", e);
        }
        return bytes.toByteArray();
    }
}
