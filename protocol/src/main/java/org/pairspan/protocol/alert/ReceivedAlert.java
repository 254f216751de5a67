package org.pairspan.protocol.alert;

/**
 * An alert of the peer, for observers.
 *
 * @param code        what the peer says.
 * @param occurrences how often that happened since the peer last said so, 1 to 2^32 - 1.
 * @param timeNs      when it came, in the clock of the data thread.
 */
public record ReceivedAlert(AlertCode code, long occurrences, long timeNs) {
}
