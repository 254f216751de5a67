package org.pairspan.kms.audit.chain;

/**
 * A place in a chain.
 *
 * @param sequence number of the last record; 0 before the first
 * @param hash     its hash, hex
 */
record Position(long sequence, String hash) {

    static final Position START = new Position(0, ChainHash.NONE);
}
