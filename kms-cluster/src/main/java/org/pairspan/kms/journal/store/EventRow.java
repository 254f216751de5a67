package org.pairspan.kms.journal.store;

/**
 * An event of an entity.
 *
 * @param number      of the entity's events, from 1
 * @param writer      the life of the entity that wrote it
 * @param timestamp   ms since 1970
 * @param meta        null where there is none
 */
record EventRow(String entity, long number, String writer, long timestamp, String manifest, Payload event, Payload meta) {
}
