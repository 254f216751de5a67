package org.pairspan.kms.presence;

import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.directory.MemberEntry;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.sealing.SealedKey;

/**
 * One generation of a pair's association as one of its members will see it. The key stays sealed until the server that holds that
 * member's connection writes the frame.
 *
 * @param ownNumber the number of the member this is for
 * @param peer      the other member
 * @param key       sealed for the pair's persistence id and {@code keyVersion}
 */
public record Handout(PairId pair, int ownNumber, MemberEntry peer, SealedKey key, int keyVersion, long generation, int suite)
        implements ClusterMessage {
}
