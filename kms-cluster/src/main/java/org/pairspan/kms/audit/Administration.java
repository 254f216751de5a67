package org.pairspan.kms.audit;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Records the acts of operators before they take effect. Blocks, for threads of JMX; safe for use by several of them. */
public final class Administration {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final AuditLog log;
    private final InstantSource clock;

    public Administration(AuditLog log, InstantSource clock) {
        this.log = log;
        this.clock = clock;
    }

    /**
     * Returns when the record is kept.
     *
     * @param operator as {@code pairspan ctl} names the person, 1 to {@link AuditRecord#MAX_TEXT} characters
     * @param member   the member it concerns; null where none
     * @param what     what is about to be done, in words; never a key, token or passphrase
     * @throws IllegalArgumentException where the operator has no name
     * @throws IllegalStateException    where the record cannot be kept: the act must not happen
     */
    public void record(AuditRecord.Event event, String operator, String member, String what) {
        if (operator == null || operator.isBlank() || operator.length() > AuditRecord.MAX_TEXT) {
            throw new IllegalArgumentException("an act of administration names its operator, in 1 to " + AuditRecord.MAX_TEXT + " characters");
        }
        AuditRecord record = new AuditRecord(clock.instant(), event, Actor.operator(operator), member, null, 0, 0, null, what);
        try {
            log.write(record).toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw refused(e.getCause().getMessage());
        } catch (TimeoutException e) {
            throw refused("it did not answer within " + PATIENCE.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused("interrupted");
        }
    }

    /** Only classes of the platform reach a JMX client, so the cause goes in words. */
    private static IllegalStateException refused(String why) {
        return new IllegalStateException("nothing was done, because the audit log cannot take the record: " + why
                + ". Make room for it or correct its permissions, and do it again");
    }
}
