package org.pairspan.kms.cluster;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.UUID;

/**
 * What the {@link ClusterRow} says: which cluster works on the journal, and how often its servers have said so.
 *
 * <pre>
 *  0                              16                      24
 *  +------------------------------+-----------------------+
 *  |  cluster's id, random        |  count, big endian    |
 *  +------------------------------+-----------------------+
 * </pre>
 *
 * The id of zeros stands for no cluster: the last server of one has stopped in order.
 */
record Tenure(UUID cluster, long count) {

    private static final int LENGTH = 2 * Long.BYTES + Long.BYTES;

    private static final UUID NONE = new UUID(0, 0);

    /** The first word of a new cluster. */
    static Tenure found() {
        return new Tenure(UUID.randomUUID(), 0);
    }

    /** @throws IllegalArgumentException where the value is none of ours */
    static Tenure parse(byte[] value) {
        if (value.length != LENGTH) {
            throw new IllegalArgumentException("the journal's cluster row has " + value.length + " bytes, not " + LENGTH + ": "
                    + Arrays.toString(value));
        }
        ByteBuffer buffer = ByteBuffer.wrap(value);
        return new Tenure(new UUID(buffer.getLong(), buffer.getLong()), buffer.getLong());
    }

    Tenure next() {
        return new Tenure(cluster, count + 1);
    }

    /** The last word of a cluster that ends. */
    Tenure released() {
        return new Tenure(NONE, count + 1);
    }

    boolean isReleased() {
        return cluster.equals(NONE);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(LENGTH).putLong(cluster.getMostSignificantBits()).putLong(cluster.getLeastSignificantBits())
                .putLong(count).array();
    }
}
