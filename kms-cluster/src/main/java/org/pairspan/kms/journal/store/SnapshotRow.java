package org.pairspan.kms.journal.store;

/**
 * A snapshot of an entity.
 *
 * @param number  of the last event in it
 * @param created ms since 1970
 * @param meta    null where there is none
 */
record SnapshotRow(String entity, long number, long created, Payload state, Payload meta) {
}
