package org.pairspan.kms.etsi014;

import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Key container data format (clause 6.3), without extensions. Whoever has it wipes it. */
public record KeyContainer(List<Key> keys) {

    public KeyContainer {
        keys = List.copyOf(keys);
    }

    /** Overwrites the keys. */
    public void wipe() {
        keys.forEach(Key::wipe);
    }

    /**
     * One key.
     *
     * @param id    {@code key_ID}
     * @param bytes not copied
     */
    public record Key(UUID id, byte[] bytes) {

        /** Overwrites the key. */
        public void wipe() {
            Arrays.fill(bytes, (byte) 0);
        }

        @Override
        public String toString() {
            return "Key[" + id + ", " + bytes.length * Byte.SIZE + " bits]";
        }
    }
}
