package org.pairspan.kms.revocation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.audit.Administration;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.directory.MemberEntry;
import org.pairspan.kms.directory.MemberRoll;
import org.pairspan.kms.directory.Revocation;
import org.pairspan.kms.directory.RevocationCommand;
import org.pairspan.runtime.config.HostPort;
import org.pairspan.runtime.identity.Identity;

/** Carries out what operators decide about members. */
public final class Members implements MembersMXBean {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String NO_ANSWER = "the directory does not answer";

    private final ClusterSharding sharding;
    private final Administration administration;
    private final InstantSource clock;
    private final Function<String, CompletionStage<Long>> destroyKeys;
    private final MemberRoll roll;

    /** @param destroyKeys has every key of a member destroyed, and tells the number of that job */
    public Members(ClusterSharding sharding, Administration administration, InstantSource clock,
            Function<String, CompletionStage<Long>> destroyKeys) {
        this.sharding = sharding;
        this.administration = administration;
        this.clock = clock;
        this.destroyKeys = destroyKeys;
        roll = new MemberRoll(sharding);
    }

    @Override
    public String revoke(String operator, String memberId, String reason) {
        requireId(memberId);
        if (reason == null || reason.isBlank() || reason.length() > AuditRecord.MAX_TEXT) {
            throw new IllegalArgumentException("a revocation has a reason, of 1 to " + AuditRecord.MAX_TEXT + " characters");
        }
        administration.record(AuditRecord.Event.MEMBER_REVOKED, operator, memberId, reason);
        Revocation stored = await(Directory.of(sharding).<Revocation>ask(
                replyTo -> new RevocationCommand.Revoke(memberId, reason, clock.millis(), replyTo), PATIENCE), "the revocation is not stored");
        long job = await(destroyKeys.apply(memberId), memberId + " is revoked, but the destruction of its keys has not begun");
        return text(stored) + "; its keys are destroyed as key update " + job;
    }

    @Override
    public String about(String memberId) {
        requireId(memberId);
        return switch (await(roll.find(memberId), NO_ANSWER)) {
            case Directory.Found found -> text(found.entry());
            case Directory.FoundRevoked revoked -> memberId + " is revoked already";
            case Directory.NotFound unknown -> "no member " + memberId + " ever registered; 'pairspan ctl member list' shows those that did";
        };
    }

    @Override
    public String[] list() {
        return await(roll.all(), NO_ANSWER).stream().map(Members::text).toArray(String[]::new);
    }

    @Override
    public String[] getRevoked() {
        List<String> lines = new ArrayList<>();
        List<Revocation> more;
        do {
            int known = lines.size();
            more = await(Directory.of(sharding).<RevocationCommand.Revocations>ask(
                    replyTo -> new RevocationCommand.ListAfter(known, replyTo), PATIENCE), NO_ANSWER).list();
            more.forEach(revocation -> lines.add(text(revocation)));
        } while (!more.isEmpty());
        return lines.toArray(String[]::new);
    }

    private static void requireId(String memberId) {
        if (memberId == null || !Identity.ID.matcher(memberId).matches()) {
            throw new IllegalArgumentException("\"" + memberId + "\" is not the id of a member");
        }
    }

    private static String text(MemberEntry entry) {
        return entry.id() + ", number " + entry.number() + ", prefixes " + entry.prefixes() + ", at " + HostPort.text(entry.bearer());
    }

    private static String text(Revocation revocation) {
        return revocation.memberId() + (revocation.number() == 0 ? ", never registered" : ", number " + revocation.number())
                + ", revoked " + Instant.ofEpochMilli(revocation.atMs()) + ": " + revocation.reason();
    }

    private static <T> T await(CompletionStage<T> stage, String otherwise) {
        try {
            return stage.toCompletableFuture().get(PATIENCE.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(otherwise + "; do it again. Cause: " + (e.getCause() == null ? e : e.getCause()).getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(otherwise + ": interrupted");
        }
    }
}
