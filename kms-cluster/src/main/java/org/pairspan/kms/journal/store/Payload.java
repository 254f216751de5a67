package org.pairspan.kms.journal.store;

import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;

/**
 * A value as the journal has it.
 *
 * @param serializer number of what it was written with
 * @param manifest   what that needs to know beside the bytes
 */
record Payload(byte[] bytes, int serializer, String manifest) {

    static Payload of(Object value, Serialization serialization) {
        Serializer serializer = serialization.findSerializerFor(value);
        return new Payload(serializer.toBinary(value), serializer.identifier(), Serializers.manifestFor(serializer, value));
    }

    Object value(Serialization serialization) {
        return serialization.deserialize(bytes, serializer, manifest).get();
    }
}
