package org.pairspan.kms.delivery;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.config.Etsi014Settings;
import org.pairspan.kms.rate.RateLimit;

/** There is no cluster here: what is refused reaches none. */
class LastCheckTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final InetSocketAddress HERE = new InetSocketAddress("192.0.2.1", 7500);
    private static final Etsi014Settings SETTINGS = new Etsi014Settings(HERE, Optional.empty(), "kme-1",
            new Etsi014Settings.Keys(256, 64, 1024, 128, 20, 100, 2, Duration.ofHours(1), Duration.ofMinutes(1)), Set.of(),
            new Etsi014Settings.Connections(1, 1, 1, Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10)));

    private final AtomicBoolean standing = new AtomicBoolean(true);
    private final CompletableFuture<Void> recorded = new CompletableFuture<>();
    private final KeyDelivery delivery = new KeyDelivery(null, SETTINGS,
            (caller, others) -> CompletableFuture.completedFuture(new SaeAccess.Denied("apart")), source -> null, null,
            new DeliveryAudit(record -> recorded, new AuditAllowance(record -> recorded, CLOCK, () -> 0,
                    new RateLimit(1, Duration.ofSeconds(1)), new RateLimit(1, Duration.ofSeconds(1))), CLOCK),
            new DeliveryCounters(), standing::get);

    @Test
    void whatWasDecidedIsAnsweredByAServerThatMayAnswer() {
        CompletableFuture<DeliveryAnswer> answer = delivery.status(new Caller("a", HERE), "b").toCompletableFuture();
        recorded.complete(null);
        assertInstanceOf(DeliveryAnswer.Unauthorized.class, answer.join());
    }

    @Test
    void aServerThatLostItsStandingWhileItWorkedAnswersNothing() {
        CompletableFuture<DeliveryAnswer> answer = delivery.status(new Caller("a", HERE), "b").toCompletableFuture();
        standing.set(false);
        recorded.complete(null);
        assertInstanceOf(DeliveryAnswer.Unavailable.class, answer.join());
    }
}
