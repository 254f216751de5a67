package org.pairspan.kms.etsi014;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * JSON to messages. A message is one object and nothing after it; names that the standard does not know are passed over, as are optional
 * extensions. The caller bounds the length of the input.
 */
public final class MessageReader {

    /** Longest text that is read, characters. */
    static final int MAX_TEXT = 16_384;
    /** Most elements of one list. */
    static final int MAX_ELEMENTS = 1024;

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private MessageReader() {
    }

    private interface Field {
        void read(String name, JsonParser json) throws IOException, MalformedMessageException;
    }

    private interface Element {
        void read(JsonParser json) throws IOException, MalformedMessageException;
    }

    /** Clause 6.2. An empty input asks for one key of the default size. */
    public static KeyRequest keyRequest(byte[] input) throws MalformedMessageException {
        if (input.length == 0) {
            return KeyRequest.DEFAULT;
        }
        long[] numbers = {KeyRequest.DEFAULT.number(), KeyRequest.DEFAULT.size()};
        List<String> slaves = new ArrayList<>();
        List<String> mandatory = new ArrayList<>();
        message(input, (name, json) -> {
            switch (name) {
                case "number" -> numbers[0] = number(json, name);
                case "size" -> numbers[1] = positive(number(json, name), name);
                case "additional_slave_SAE_IDs" -> list(json, name, element -> slaves.add(text(element, name)));
                case "extension_mandatory" -> list(json, name, element -> names(element, name, mandatory));
                case "extension_optional" -> list(json, name, element -> names(element, name, new ArrayList<>()));
                default -> json.skipChildren();
            }
        });
        return new KeyRequest(numbers[0], numbers[1], slaves, mandatory);
    }

    /** Clause 6.3; an answer without keys is refused. Each key is for the caller to wipe; where this fails, it has done so. */
    public static KeyContainer keyContainer(byte[] input) throws MalformedMessageException {
        List<KeyContainer.Key> keys = new ArrayList<>();
        boolean whole = false;
        try {
            message(input, (name, json) -> {
                if (name.equals("keys")) {
                    list(json, name, element -> keys.add(key(element)));
                } else {
                    json.skipChildren();
                }
            });
            if (keys.isEmpty()) {
                throw new MalformedMessageException("keys shall not be empty");
            }
            whole = true;
            return new KeyContainer(keys);
        } finally {
            if (!whole) {
                keys.forEach(KeyContainer.Key::wipe);
            }
        }
    }

    /** Clause 6.4; at least one, in the order of the message. */
    public static List<UUID> keyIds(byte[] input) throws MalformedMessageException {
        List<UUID> ids = new ArrayList<>();
        message(input, (name, json) -> {
            if (name.equals("key_IDs")) {
                list(json, name, element -> ids.add(keyId(element)));
            } else {
                json.skipChildren();
            }
        });
        if (ids.isEmpty()) {
            throw new MalformedMessageException("key_IDs shall not be empty");
        }
        return ids;
    }

    /** A {@code key_ID} in the form of RFC 9562. */
    public static UUID uuid(String text) throws MalformedMessageException {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new MalformedMessageException("key_ID shall be a UUID");
        }
        return UUID.fromString(text);
    }

    private static void message(byte[] input, Field field) throws MalformedMessageException {
        try (JsonParser json = JsonMessages.JSON.createParser(input)) {
            json.nextToken();
            object(json, "the message", field);
            if (json.nextToken() != null) {
                throw new MalformedMessageException("nothing shall follow the message");
            }
        } catch (IOException e) {
            // Without the parser's words, which may quote a key.
            throw new MalformedMessageException("the message shall be JSON");
        }
    }

    private static void object(JsonParser json, String what, Field field) throws IOException, MalformedMessageException {
        require(json.currentToken() == JsonToken.START_OBJECT, what, "shall be an object");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            field.read(name, json);
        }
    }

    private static void list(JsonParser json, String name, Element element) throws IOException, MalformedMessageException {
        require(json.currentToken() == JsonToken.START_ARRAY, name, "shall be an array");
        for (int count = 1; json.nextToken() != JsonToken.END_ARRAY; count++) {
            require(count <= MAX_ELEMENTS, name, "shall not have so many elements");
            element.read(json);
        }
    }

    private static void names(JsonParser json, String what, List<String> into) throws IOException, MalformedMessageException {
        object(json, what, (name, value) -> {
            require(into.size() < MAX_ELEMENTS, what, "shall not have so many elements");
            into.add(name);
            value.skipChildren();
        });
    }

    private static UUID keyId(JsonParser json) throws IOException, MalformedMessageException {
        UUID[] id = new UUID[1];
        object(json, "an element of key_IDs", (name, value) -> {
            if (name.equals("key_ID")) {
                id[0] = uuid(text(value, name));
            } else {
                value.skipChildren();
            }
        });
        require(id[0] != null, "an element of key_IDs", "shall have a key_ID");
        return id[0];
    }

    private static KeyContainer.Key key(JsonParser json) throws IOException, MalformedMessageException {
        UUID[] id = new UUID[1];
        byte[][] key = new byte[1][];
        boolean whole = false;
        try {
            object(json, "an element of keys", (name, value) -> {
                switch (name) {
                    case "key_ID" -> id[0] = uuid(text(value, name));
                    case "key" -> key[0] = base64(value);
                    default -> value.skipChildren();
                }
            });
            require(id[0] != null && key[0] != null, "an element of keys", "shall have a key_ID and a key");
            whole = true;
            return new KeyContainer.Key(id[0], key[0]);
        } finally {
            if (!whole && key[0] != null) {
                Arrays.fill(key[0], (byte) 0);
            }
        }
    }

    /** Canonical Base64 (RFC 4648 section 4): padded, without line breaks, unused bits zero. */
    private static byte[] base64(JsonParser json) throws IOException, MalformedMessageException {
        require(json.currentToken() == JsonToken.VALUE_STRING, "key", "shall be text");
        byte[] encoded = new byte[json.getTextLength()];
        char[] characters = json.getTextCharacters();
        for (int i = 0; i < encoded.length; i++) {
            char character = characters[json.getTextOffset() + i];
            encoded[i] = character < 0x80 ? (byte) character : (byte) '?';
        }
        byte[] again = {};
        byte[] key = {};
        boolean canonical = false;
        try {
            key = Base64.getDecoder().decode(encoded);
            again = Base64.getEncoder().encode(key);
            canonical = Arrays.equals(encoded, again);
            require(canonical && key.length > 0, "key", "shall be Base64");
            return key;
        } catch (IllegalArgumentException e) {
            // The exception's own text quotes the key.
            throw new MalformedMessageException("key shall be Base64");
        } finally {
            Arrays.fill(encoded, (byte) 0);
            Arrays.fill(again, (byte) 0);
            if (!canonical) {
                Arrays.fill(key, (byte) 0);
            }
        }
    }

    private static String text(JsonParser json, String name) throws IOException, MalformedMessageException {
        require(json.currentToken() == JsonToken.VALUE_STRING, name, "shall be text");
        return json.getText();
    }

    private static long number(JsonParser json, String name) throws IOException, MalformedMessageException {
        require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, name, "shall be an integer");
        return json.getLongValue();
    }

    private static long positive(long number, String name) throws MalformedMessageException {
        require(number > 0, name, "shall be positive");
        return number;
    }

    private static void require(boolean holds, String what, String rule) throws MalformedMessageException {
        if (!holds) {
            throw new MalformedMessageException(what + ' ' + rule);
        }
    }
}
