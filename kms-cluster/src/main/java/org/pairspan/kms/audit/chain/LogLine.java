package org.pairspan.kms.audit.chain;

import java.time.Instant;
import java.util.Map;

/**
 * A record as it stands in a log.
 *
 * @param sequence number in the chain, from 1
 * @param event    such as {@code key-request}
 * @param previous hash of the record before, hex
 * @param hash     this record's own, hex; not checked yet
 * @param fields   all of its fields by name, as text, in the order of the line
 * @param bytes    the line without its line feed
 */
public record LogLine(long sequence, Instant time, String event, String previous, String hash, Map<String, String> fields, byte[] bytes) {

    /** First record of a server's run. */
    static final String OPENED = "log-opened";
    /** First record of a file that goes on where another ended. */
    static final String CONTINUED = "log-continued";
    /** Bytes at the end that were no whole record, or whose answer never went out, were taken away. */
    static final String CUT = "log-cut";
    /** A signed statement about all records before. */
    static final String CHECKPOINT = "checkpoint";

    static final String SERVER = "server";
    static final String CHAIN = "chain";
    static final String HASH_ALGORITHM = "algorithm";
    static final String CERTIFICATE = "certificate";
    static final String SIGNATURE = "signature";
    static final String PREVIOUS = "previous";
    static final String HASH = "hash";

    /** A field's text; null where there is none. */
    public String field(String name) {
        return fields.get(name);
    }

    /** Whether it begins a run or a file: says which server, chain, hash and certificate hold from here on. */
    boolean isOpening() {
        return event.equals(OPENED) || event.equals(CONTINUED);
    }

    @Override
    public String toString() {
        return "record " + sequence + " (" + event + ')';
    }
}
