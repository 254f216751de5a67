package org.pairspan.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GivenUpTest {

    @Test
    void countsWhatAllNodesDroppedForTheReasonsSinceItWasMade() {
        final Map<String, Long> one = new HashMap<>(Map.of("QUEUE_DELAY", 5L, "SPI_UNKNOWN", 1L));
        final Map<String, Long> other = new HashMap<>();
        final GivenUp givenUp = new GivenUp(GivenUp.IN_QUEUES, List.of(() -> one, () -> other));
        assertEquals(0, givenUp.packets());
        one.put("QUEUE_DELAY", 7L);
        one.put("HOLD_EXPIRED", 100L);
        one.put("SPI_UNKNOWN", 100L);
        other.put("QUEUE_FULL", 1L);
        assertEquals(3, givenUp.packets());
    }
}
