package org.pairspan.kms.etsi014;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonMessagesTest {

    private static final UUID ID = UUID.fromString("bc490419-7d60-487f-adc1-4ddcc177c139");
    private static final long SEED = Long.getLong("pairspan.seed", System.nanoTime());

    @Test
    void aKeyRequestReadsAsItWasWritten() throws MalformedMessageException {
        KeyRequest request = new KeyRequest(3, 1024, List.of("b", "c"), List.of("abc_route_type"));
        assertEquals(request, MessageReader.keyRequest(JsonMessages.of(request)));
        assertEquals(KeyRequest.DEFAULT, MessageReader.keyRequest(new byte[0]));
        assertEquals(KeyRequest.DEFAULT, MessageReader.keyRequest(bytes("{}")));
    }

    @Test
    void theStandardsExamplesAreUnderstood() throws MalformedMessageException {
        KeyRequest request = MessageReader.keyRequest(bytes("""
                {"number": 20, "size": 512, "additional_slave_SAE_IDs": ["ABCDEFG", "HIJKLMN"],
                 "extension_mandatory": [{"abc_route_type": "direct"}, {"abc_transfer_method": "qkd"}],
                 "extension_optional": [{"abc_max_age": 30000}]}"""));
        assertEquals(new KeyRequest(20, 512, List.of("ABCDEFG", "HIJKLMN"), List.of("abc_route_type", "abc_transfer_method")), request);
        assertEquals(List.of(ID), MessageReader.keyIds(bytes("""
                {"key_IDs": [{"key_ID": "bc490419-7d60-487f-adc1-4ddcc177c139", "key_ID_extension": {"x": [1, 2]}}]}""")));
        KeyContainer container = MessageReader.keyContainer(bytes("""
                {"keys": [{"key_ID": "bc490419-7d60-487f-adc1-4ddcc177c139", "key": "wHHVxRwDJs3/bXd38GHP3oe4svTuRpZS0yCC7x4Ly+s="}],
                 "key_container_extension": {"a": 1}}"""));
        assertEquals(ID, container.keys().getFirst().id());
        assertEquals(32, container.keys().getFirst().bytes().length);
    }

    @Test
    void aContainerReadsAsItWasWritten() throws MalformedMessageException {
        byte[] key = new byte[33];
        new Random(SEED).nextBytes(key);
        KeyContainer again = MessageReader.keyContainer(JsonMessages.of(new KeyContainer(List.of(new KeyContainer.Key(ID, key)))));
        assertArrayEquals(key, again.keys().getFirst().bytes(), () -> "seed " + SEED);
        assertFalse(again.toString().contains(Arrays.toString(key)));
    }

    @Test
    void statusAndErrorsHaveTheStandardsNames() {
        assertEquals("{\"source_KME_ID\":\"k1\",\"target_KME_ID\":\"k2\",\"master_SAE_ID\":\"a\",\"slave_SAE_ID\":\"b\",\"key_size\":256,"
                        + "\"stored_key_count\":9,\"max_key_count\":10,\"max_key_per_request\":5,\"max_key_size\":1024,\"min_key_size\":64,"
                        + "\"max_SAE_ID_count\":2}",
                text(JsonMessages.of(new Status("k1", "k2", "a", "b", 256, 9, 10, 5, 1024, 64, 2))));
        assertEquals("{\"message\":\"no\",\"details\":[{\"extension_mandatory\":\"x\"}]}",
                text(JsonMessages.of(new ErrorMessage("no", List.of(new ErrorMessage.Detail("extension_mandatory", "x"))))));
        assertEquals("{\"message\":\"no\"}", text(JsonMessages.of(new ErrorMessage("no"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "null", "[]", "{", "{} {}", "{}x", "{\"number\":1.5}", "{\"number\":\"1\"}", "{\"number\":1e1}", "{\"number\":99999999999999999999}",
        "{\"number\":1,\"number\":2}", "{\"size\":-8}", "{\"size\":0}", "{\"additional_slave_SAE_IDs\":\"x\"}",
        "{\"additional_slave_SAE_IDs\":[1]}", "{\"extension_mandatory\":[1]}", "{\"extension_mandatory\":{}}", "{\"extension_optional\":7}",
        "{\"x\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}",
    })
    void aMalformedKeyRequestIsRefused(String json) {
        assertThrows(MalformedMessageException.class, () -> MessageReader.keyRequest(bytes(json)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "{\"keys\":[]}", "{\"keys\":[{}]}", "{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\"}]}",
        "{\"keys\":[{\"key_ID\":\"1\",\"key\":\"AAAA\"}]}", "{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"\"}]}",
        "{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"AAA\"}]}",
        "{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"AA==AA==\"}]}",
        "{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"AB==\"}]}",
        "{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"AA A\"}]}",
        "{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"A-_A\"}]}",
        "{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":\"AA\\u0141A\"}]}",
        "{\"keys\":[{\"key_ID\":\"bc490419-7d60-487f-adc1-4ddcc177c139\",\"key\":7}]}",
    })
    void aMalformedContainerIsRefused(String json) {
        assertThrows(MalformedMessageException.class, () -> MessageReader.keyContainer(bytes(json)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"key_IDs\":[]}", "{\"key_IDs\":[{}]}", "{\"key_IDs\":[\"x\"]}", "{\"key_IDs\":[{\"key_ID\":\"1-1-1-1-1\"}]}"})
    void malformedKeyIdsAreRefused(String json) {
        assertThrows(MalformedMessageException.class, () -> MessageReader.keyIds(bytes(json)));
    }

    /** Whatever comes, it is read or refused in one way, and a refusal quotes nothing. */
    @Test
    void damagedMessagesAreReadOrRefused() {
        Random random = new Random(SEED);
        byte[][] good = {
            JsonMessages.of(new KeyRequest(3, 1024, List.of("b", "c"), List.of("x"))),
            bytes("{\"key_IDs\":[{\"key_ID\":\"" + ID + "\"},{\"key_ID\":\"7d1fc9f3-8bd3-4e0a-9d0e-6b2f5a3c1e90\"}]}"),
            JsonMessages.of(new KeyContainer(List.of(new KeyContainer.Key(ID, new byte[32]), new KeyContainer.Key(ID, new byte[32])))),
        };
        String alphabet = "{}[]\",:\\u0 AB=/+-.eE9\u0000\u00ff";
        for (int i = 0; i < 30_000; i++) {
            byte[] bad = good[random.nextInt(good.length)].clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                bad[random.nextInt(bad.length)] = (byte) (random.nextBoolean() ? alphabet.charAt(random.nextInt(alphabet.length())) : random.nextInt());
            }
            bad = Arrays.copyOf(bad, random.nextInt(bad.length + 1));
            for (Reader reader : List.<Reader>of(MessageReader::keyRequest, MessageReader::keyIds, MessageReader::keyContainer)) {
                try {
                    reader.read(bad);
                } catch (MalformedMessageException e) {
                    assertFalse(e.getMessage().contains("AAAA"), () -> "seed " + SEED + ": " + e.getMessage());
                } catch (RuntimeException e) {
                    throw new AssertionError("seed " + SEED + ": " + new String(bad, StandardCharsets.ISO_8859_1), e);
                }
            }
        }
    }

    private interface Reader {
        Object read(byte[] input) throws MalformedMessageException;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
