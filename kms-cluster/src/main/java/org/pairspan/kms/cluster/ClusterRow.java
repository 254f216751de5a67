package org.pairspan.kms.cluster;

import java.io.IOException;

/**
 * The one row of the journal that says which cluster of key servers works on it. Whoever replaces its value by a value that another replaced
 * before learns so. Blocks; for one thread at a time.
 */
public interface ClusterRow extends AutoCloseable {

    /** Its value; null where no cluster has ever worked on this journal. */
    byte[] read() throws IOException;

    /**
     * Stores a value where the row still has the expected one.
     *
     * @param expected null: there is no row yet
     * @return false where it has another one; nothing was changed then
     */
    boolean replace(byte[] expected, byte[] value) throws IOException;

    @Override
    void close();
}
