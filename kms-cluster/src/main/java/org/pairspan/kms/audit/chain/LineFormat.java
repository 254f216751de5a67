package org.pairspan.kms.audit.chain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The form of a line:
 *
 * <pre>
 * {"seq":7,"time":"…","event":"…", … ,"previous":"64 hex digits"[,"signature":"Base64"],"hash":"64 hex digits"}  LF
 * |------------------------------- what is signed --------------|
 * |------------------------------- what is hashed ------------------------------------|
 * </pre>
 */
final class LineFormat {

    /** Longest line with its line feed, bytes. */
    static final int MAX_LINE = 16_384;

    private static final byte[] SIGNED = "pairspan audit checkpoint v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final String HASH_BEGIN = ",\"hash\":\"";
    private static final int HASH_SUFFIX = HASH_BEGIN.length() + ChainHash.DIGITS + "\"}".length();
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{" + ChainHash.DIGITS + "}");
    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT).build();

    private LineFormat() {
    }

    /** Writes the fields of one record. */
    @FunctionalInterface
    interface Fields {
        void write(JsonGenerator generator) throws IOException;
    }

    /** A line, and the place in the chain it takes. */
    record Written(byte[] bytes, Position position) {
    }

    static Written write(Position before, ChainHash hash, Fields fields) throws IOException {
        return finish(before, hash, body(before, fields));
    }

    /** @param signer makes a signature of the given bytes */
    static Written writeSigned(Position before, ChainHash hash, Fields fields, Function<byte[], String> signer) throws IOException {
        ByteArrayOutputStream body = body(before, fields);
        String signature = signer.apply(signedBytes(body.toByteArray(), body.size()));
        body.writeBytes((",\"" + LogLine.SIGNATURE + "\":\"" + signature + '"').getBytes(StandardCharsets.US_ASCII));
        return finish(before, hash, body);
    }

    private static ByteArrayOutputStream body(Position before, Fields fields) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(512);
        // Closing it gives its buffers back and does not end the object, which goes on after the fields.
        try (JsonGenerator generator = JSON.createGenerator(body)) {
            generator.writeStartObject();
            generator.writeNumberField("seq", before.sequence() + 1);
            fields.write(generator);
            generator.writeStringField(LogLine.PREVIOUS, before.hash());
        }
        return body;
    }

    private static Written finish(Position before, ChainHash hash, ByteArrayOutputStream body) throws IOException {
        String own = hash.hex(body.toByteArray(), body.size());
        body.writeBytes((HASH_BEGIN + own + "\"}\n").getBytes(StandardCharsets.US_ASCII));
        if (body.size() > MAX_LINE) {
            throw new IOException("an audit record of " + body.size() + " bytes, where " + MAX_LINE + " is the most");
        }
        return new Written(body.toByteArray(), new Position(before.sequence() + 1, own));
    }

    /**
     * Reads a line.
     *
     * @param line without its line feed
     * @throws MalformedLineException where it has another form
     */
    static LogLine read(byte[] line) throws MalformedLineException {
        if (line.length >= MAX_LINE) {
            throw new MalformedLineException("a line longer than " + MAX_LINE + " bytes");
        }
        Map<String, String> fields = fields(line);
        String hash = fields.get(LogLine.HASH);
        String suffix = HASH_BEGIN + hash + "\"}";
        if (hash == null || !HEX.matcher(hash).matches() || line.length < HASH_SUFFIX
                || !suffix.equals(new String(line, line.length - HASH_SUFFIX, HASH_SUFFIX, StandardCharsets.ISO_8859_1))) {
            throw new MalformedLineException("a line that does not end in its hash");
        }
        String previous = fields.get(LogLine.PREVIOUS);
        if (previous == null || !HEX.matcher(previous).matches()) {
            throw new MalformedLineException("a line without the hash of the record before");
        }
        if (fields.get("event") == null) {
            throw new MalformedLineException("a line that names no event");
        }
        return new LogLine(sequence(fields), time(fields), fields.get("event"), previous, hash, fields, line);
    }

    /** The hash a line should have. */
    static String hashOf(LogLine line, ChainHash hash) {
        return hash.hex(line.bytes(), line.bytes().length - HASH_SUFFIX);
    }

    /** What a checkpoint's signature is over; null where the line has none in its place. */
    static byte[] signedBytes(LogLine line) {
        String signature = line.field(LogLine.SIGNATURE);
        int suffix = HASH_SUFFIX + (",\"" + LogLine.SIGNATURE + "\":\"" + signature + '"').length();
        return signature == null || suffix > line.bytes().length ? null : signedBytes(line.bytes(), line.bytes().length - suffix);
    }

    private static byte[] signedBytes(byte[] body, int length) {
        ByteArrayOutputStream signed = new ByteArrayOutputStream(SIGNED.length + length);
        signed.writeBytes(SIGNED);
        signed.write(body, 0, length);
        return signed.toByteArray();
    }

    private static Map<String, String> fields(byte[] line) throws MalformedLineException {
        Map<String, String> fields = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedLineException("a line that is no JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (!parser.nextToken().isScalarValue()) {
                    throw new MalformedLineException("a line with a field '" + name + "' that is no plain value");
                }
                fields.put(name, parser.getText());
            }
            if (parser.nextToken() != null) {
                throw new MalformedLineException("a line that goes on after its object");
            }
            return fields;
        } catch (IOException e) {
            throw new MalformedLineException("a line that is no JSON", e);
        }
    }

    private static long sequence(Map<String, String> fields) throws MalformedLineException {
        try {
            long sequence = Long.parseLong(String.valueOf(fields.get("seq")));
            if (sequence > 0) {
                return sequence;
            }
        } catch (NumberFormatException e) {
            throw new MalformedLineException("a line without number", e);
        }
        throw new MalformedLineException("a line numbered below 1");
    }

    private static Instant time(Map<String, String> fields) throws MalformedLineException {
        try {
            return Instant.parse(String.valueOf(fields.get("time")));
        } catch (DateTimeException e) {
            throw new MalformedLineException("a line without time", e);
        }
    }
}
