package org.pairspan.kms.enrolment;

import java.util.concurrent.atomic.LongAdder;

/** What happens at the enrolment port. */
final class EnrolmentCounters {
    final LongAdder tokens = new LongAdder();
    final LongAdder granted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder failedAccepts = new LongAdder();
    final LongAdder turnedAway = new LongAdder();
}
