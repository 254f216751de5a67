package org.pairspan.kms.association;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.pairkey.PairId;

/**
 * A member wants a generation of its pair's association.
 *
 * @param member          who asks; one of the pair
 * @param incarnation     as which process it runs
 * @param peerIncarnation as which process the other runs now and can be reached; null where it is not connected
 * @param aboveGeneration 0, or the generation that will not do any more
 * @param keyVersion      version of the pair's key, for its first generation
 * @param suites          wire numbers that both can run and the service allows, best first; not empty
 */
public record Demand(PairId pair, String member, long incarnation, Long peerIncarnation, long aboveGeneration, int keyVersion,
        List<Integer> suites, ActorRef<Association.Reply> replyTo) implements Association.Command, ClusterMessage {

    /** @throws IllegalArgumentException without suites, or where the member is not of the pair. */
    public Demand {
        suites = List.copyOf(suites);
        if (suites.isEmpty() || !pair.has(member)) {
            throw new IllegalArgumentException("a demand of " + member + " at " + pair + " for suites " + suites);
        }
    }

    String peer() {
        return pair.low().equals(member) ? pair.high() : pair.low();
    }
}
