package org.pairspan.kms.policy.keeping;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.directory.Directory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the cluster for operators. Blocks, for threads of JMX. */
final class PolicyDesk {

    private static final Logger LOG = LoggerFactory.getLogger(PolicyDesk.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int IDS_AT_ONCE = 2_000;

    private final ClusterSharding sharding;

    PolicyDesk(ClusterSharding sharding) {
        this.sharding = sharding;
    }

    /** A version; -1 for the one in force. */
    PolicyVersion version(long number) {
        PolicyVersion version = await(KeyPolicy.of(sharding).<KeyPolicy.Got>ask(replyTo -> new KeyPolicy.Get(number, replyTo), PATIENCE))
                .version();
        if (version == null) {
            throw new IllegalArgumentException("policy version " + number + " is not kept; 'pairspan ctl policy history' shows those that are");
        }
        return version;
    }

    KeyPolicy.History history() {
        return await(KeyPolicy.of(sharding).ask(KeyPolicy.GetHistory::new, PATIENCE));
    }

    KeyPolicy.ApplyReply apply(long base, String operator, String comment, String text) {
        return await(KeyPolicy.of(sharding).ask(replyTo -> new KeyPolicy.Apply(base, operator, comment, text, replyTo), PATIENCE));
    }

    /** Ids of all members of the directory. */
    Set<String> members() {
        Set<String> members = new LinkedHashSet<>();
        int above = 0;
        while (true) {
            int from = above;
            Directory.Ids page = await(Directory.of(sharding).<Directory.Ids>ask(
                    replyTo -> new Directory.ListIds(from, IDS_AT_ONCE, replyTo), PATIENCE));
            members.addAll(page.ids());
            if (page.ids().size() < IDS_AT_ONCE) {
                return members;
            }
            above = page.upToNumber();
        }
    }

    private static <T> T await(CompletionStage<T> asked) {
        try {
            return asked.toCompletableFuture().get(PATIENCE.toSeconds() + 1, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.info("The cluster does not answer an operator", e);
            // Without the cause: only classes of the platform reach a JMX client.
            throw new IllegalStateException("the cluster does not answer within " + PATIENCE.toSeconds()
                    + " s; is the journal reachable, and more than half of the key servers? If this was to change the policy, 'pairspan ctl"
                    + " policy history' tells whether it did");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        }
    }
}
