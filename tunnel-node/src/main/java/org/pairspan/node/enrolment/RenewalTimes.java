package org.pairspan.node.enrolment;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;

/** When a certificate is to be renewed. */
final class RenewalTimes {
    /** Certificates begin earlier than they are made, by as much, for clocks that differ. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);
    private static final int LAST_PART = 3;
    private static final int ATTEMPTS = 20;
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private RenewalTimes() {
    }

    /** At two thirds of its validity. */
    static Instant due(X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration validity = Duration.between(certificate.getNotBefore().toInstant(), end).minus(BACKDATED);
        return validity.isPositive() ? end.minus(validity.dividedBy(LAST_PART)) : end;
    }

    /** Until the next attempt, after one that failed: so that there are some twenty until the end, an hour apart at most. */
    static Duration pause(X509Certificate certificate, Instant now) {
        Duration pause = Duration.between(now, certificate.getNotAfter().toInstant()).dividedBy(ATTEMPTS);
        return pause.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
