package org.pairspan.node.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class BearerErrorsTest {
    private long nowNs = -BearerErrors.INTERVAL_NS / 2;
    private final BearerErrors errors = new BearerErrors(() -> nowNs);

    @Test
    void aFloodOfErrorsIsToldNowAndThenAndCounted() {
        assertEquals(0, errors.tell());
        for (int i = 0; i < 1000; i++) {
            assertEquals(-1, errors.tell());
        }
        nowNs += BearerErrors.INTERVAL_NS;
        assertEquals(1000, errors.tell());
        nowNs += BearerErrors.INTERVAL_NS;
        assertEquals(0, errors.tell());
    }
}
