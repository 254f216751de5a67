package org.pairspan.kms.directory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.protocol.address.IpPrefix;

/** What operators want to know of the directory. Any thread; answers come on others, or fail where the directory does not answer in time. */
public final class MemberRoll {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int IDS_AT_ONCE = 500;

    private final ClusterSharding sharding;

    public MemberRoll(ClusterSharding sharding) {
        this.sharding = sharding;
    }

    /** Who has this id. */
    public CompletionStage<Directory.FindReply> find(String memberId) {
        return Directory.of(sharding).ask(replyTo -> new Directory.FindById(memberId, replyTo), PATIENCE);
    }

    /** Whether another member has a prefix that overlaps one of these, so that this member would not be registered with them. */
    public CompletionStage<Directory.ConflictReply> conflict(String memberId, List<IpPrefix> prefixes) {
        return Directory.of(sharding).ask(replyTo -> new Directory.FindConflict(memberId, prefixes, replyTo), PATIENCE);
    }

    /** Members that registered and are not revoked, in the order of their numbers. */
    public CompletionStage<List<MemberEntry>> all() {
        return above(0, new ArrayList<>());
    }

    private CompletionStage<List<MemberEntry>> above(int number, List<MemberEntry> found) {
        return Directory.of(sharding).<Directory.Ids>ask(replyTo -> new Directory.ListIds(number, IDS_AT_ONCE, replyTo), PATIENCE)
                .thenCompose(page -> page.ids().isEmpty() ? CompletableFuture.completedStage(found) : entries(page.ids()).thenCompose(more -> {
                    found.addAll(more);
                    return above(page.upToNumber(), found);
                }));
    }

    private CompletionStage<List<MemberEntry>> entries(List<String> ids) {
        List<CompletableFuture<Directory.FindReply>> asked = ids.stream().map(id -> find(id).toCompletableFuture()).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(all -> asked.stream().map(CompletableFuture::join)
                .filter(Directory.Found.class::isInstance).map(reply -> ((Directory.Found) reply).entry()).toList());
    }
}
