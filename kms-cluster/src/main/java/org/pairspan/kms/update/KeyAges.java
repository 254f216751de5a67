package org.pairspan.kms.update;

import java.time.Duration;
import java.util.List;

/** How old keys of some pairs may become, where that is less than the service's own limit. Any thread. */
public interface KeyAges {

    /** Every limit there is; few. */
    List<Duration> all();

    /** Whether this is the limit of a pair. */
    boolean isLimitOf(String pair, Duration age);
}
