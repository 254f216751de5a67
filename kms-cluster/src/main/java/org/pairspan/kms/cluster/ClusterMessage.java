package org.pairspan.kms.cluster;

/**
 * Marks what may travel between key servers and into the journal. Every class that implements it has a number in the registry of
 * {@code org.pairspan.kms.serialization}; one that has not is refused by the serializer.
 */
public interface ClusterMessage {
}
