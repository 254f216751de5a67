package org.pairspan.benchmarks.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.kms.etsi014.MalformedMessageException;
import org.pairspan.kms.etsi014.MessageReader;

/** Messages of ETSI GS QKD 014, from SAEs and from the KME of a quantum link. */
final class KeyDeliveryTarget implements FuzzTarget {
    private static final String ID = "32a13569-f1dc-4472-9783-452b3f156f40";

    @FunctionalInterface
    private interface Reader {
        void read(byte[] message) throws MalformedMessageException;
    }

    @Override
    public List<byte[]> samples() {
        return List.of("{\"number\":3,\"size\":1024,\"additional_slave_SAE_IDs\":[\"site-c\"],\"extension_mandatory\":[{\"a\":{\"b\":[1]}}]}",
            "{\"keys\":[{\"key_ID\":\"" + ID + "\",\"key\":\"woOwjzNuf0eAEunz6WBRig==\"}],\"key_container_extension\":{}}",
            "{\"key_IDs\":[{\"key_ID\":\"" + ID + "\",\"key_ID_extension\":{}}]}")
            .stream().map(json -> json.getBytes(StandardCharsets.UTF_8)).toList();
    }

    @Override
    public void feed(UnsafeBuffer input, SplittableRandom random) {
        byte[] body = new byte[input.capacity()];
        input.getBytes(0, body);
        for (Reader reader : List.<Reader>of(MessageReader::keyRequest, MessageReader::keyContainer, MessageReader::keyIds)) {
            try {
                reader.read(body);
            } catch (MalformedMessageException e) {
                FuzzTarget.requireReason(e);
            }
        }
    }
}
