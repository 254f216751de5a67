package org.pairspan.kms.update;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.japi.function.Function;
import org.pairspan.kms.audit.Administration;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.directory.MemberRoll;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.runtime.identity.Identity;

/** Takes what operators ask of the list of updates to it, wherever in the cluster it is. */
public final class KeyUpdateBean implements KeyUpdatesMXBean {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ActorSystem<?> system;
    private final ActorRef<KeyUpdates.Command> updates;
    private final Administration administration;
    private final MemberRoll roll;

    public KeyUpdateBean(ActorSystem<?> system, ActorRef<KeyUpdates.Command> updates, Administration administration) {
        this.system = system;
        this.updates = updates;
        this.administration = administration;
        roll = new MemberRoll(ClusterSharding.get(system));
    }

    @Override
    public long rotatePair(String operator, String member, String peer) {
        if (Objects.equals(member, peer)) {
            throw new IllegalArgumentException("a pair has two different members");
        }
        requireMember(member);
        requireMember(peer);
        PairId pair = PairId.of(member, peer);
        administration.record(AuditRecord.Event.ADMINISTRATION, operator, member, "update of the key with " + peer);
        return await(begin(UpdateJob.PAIR, pair.entityId()));
    }

    @Override
    public long rotateMember(String operator, String member) {
        requireMember(member);
        administration.record(AuditRecord.Event.ADMINISTRATION, operator, member, "update of all keys of the member");
        return await(begin(UpdateJob.MEMBER, member));
    }

    @Override
    public long rotateAll(String operator) {
        administration.record(AuditRecord.Event.ADMINISTRATION, operator, null, "update of all keys");
        return await(begin(UpdateJob.ALL, ""));
    }

    @Override
    public void cancel(String operator, long update) {
        administration.record(AuditRecord.Event.ADMINISTRATION, operator, null, "key update " + update + " cancelled");
        UpdateJobs.Begun cancelled = await(this.<UpdateJobs.Begun>ask(replyTo -> new UpdateJobs.Cancel(update, replyTo)));
        if (cancelled.job() == 0) {
            throw new IllegalStateException("there is no key update " + update + " that could be cancelled; 'pairspan ctl key updates' shows those that run");
        }
    }

    @Override
    public String[] getUpdates() {
        return await(this.<UpdateJobs.Report>ask(UpdateJobs.Ask::new)).jobs().toArray(String[]::new);
    }

    @Override
    public String[] getPairs() {
        return await(this.<UpdateJobs.Report>ask(UpdateJobs.Ask::new)).waiting().toArray(String[]::new);
    }

    /** Has the keys of a revoked member destroyed; the number of that job. */
    public CompletionStage<Long> destroyKeys(String member) {
        return begin(UpdateJob.DESTROY, member);
    }

    private CompletionStage<Long> begin(int kind, String scope) {
        return this.<UpdateJobs.Begun>ask(replyTo -> new UpdateJobs.Begin(kind, scope, replyTo)).thenApply(UpdateJobs.Begun::job);
    }

    private <T> CompletionStage<T> ask(Function<ActorRef<T>, KeyUpdates.Command> question) {
        return AskPattern.ask(updates, question, PATIENCE, system.scheduler());
    }

    private void requireMember(String id) {
        if (id == null || !Identity.ID.matcher(id).matches()) {
            throw new IllegalArgumentException("\"" + id + "\" is not the id of a member");
        }
        switch (await(roll.find(id))) {
            case Directory.Found found -> {
                return;
            }
            case Directory.FoundRevoked revoked ->
                    throw new IllegalStateException("member " + id + " is revoked: its keys are destroyed, and it gets no others");
            case Directory.NotFound unknown ->
                    throw new IllegalStateException("no member " + id + " ever registered; 'pairspan ctl member list' shows those that did");
        }
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the key service does not answer; a key server may just have died. Do it again in a moment");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
        }
    }
}
