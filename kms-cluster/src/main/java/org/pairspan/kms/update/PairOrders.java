package org.pairspan.kms.update;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.association.Association;
import org.pairspan.kms.association.UpdateCommand;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.kms.pairkey.VersionCommand;

/** What is said to one pair, named by its entity id. */
public interface PairOrders {

    /** Begin the pair's update, or go on with it. */
    void update(String pair, long olderThanMs, ActorRef<UpdateCommand.Reply> replies);

    /** Destroy the pair's keys for good. */
    CompletionStage<VersionCommand.Done> destroy(String pair);

    /**
     * Says it to the pair's entities.
     *
     * @param revoked whether a member, by its id, has lost its right to keys: its pairs have none that could be updated
     */
    static PairOrders over(ClusterSharding sharding, Duration patience, Predicate<String> revoked) {
        return new PairOrders() {
            @Override
            public void update(String pair, long olderThanMs, ActorRef<UpdateCommand.Reply> replies) {
                PairId id = PairId.parse(pair);
                if (revoked.test(id.low()) || revoked.test(id.high())) {
                    replies.tell(new UpdateCommand.NotNeeded(id, 0));
                    return;
                }
                Association.of(sharding, id).tell(new UpdateCommand.Start(id, olderThanMs, replies));
            }

            @Override
            public CompletionStage<VersionCommand.Done> destroy(String pair) {
                PairId id = PairId.parse(pair);
                return PairKey.of(sharding, id).ask(replyTo -> new VersionCommand.Destroy(id, replyTo), patience);
            }
        };
    }
}
