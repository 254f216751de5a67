package org.pairspan.kms.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdleMastersTest {

    private final List<String> all = IntStream.range(0, 2 * IdleMasters.AT_ONCE + 1).mapToObj("m%04d"::formatted).toList();
    private final List<String> awake = new ArrayList<>();
    private boolean away;

    @Test
    void everyMasterIsWokenAgainAndAgain() {
        IdleMasters masters = new IdleMasters((after, most) -> away ? CompletableFuture.failedStage(new IllegalStateException("away"))
                : CompletableFuture.completedStage(all.stream().filter(master -> master.compareTo(after) > 0).limit(most).toList()), awake::add);
        wake(masters, 1);
        assertEquals(all.subList(0, IdleMasters.AT_ONCE), awake);
        away = true;
        wake(masters, 5);
        away = false;
        wake(masters, 2);
        assertEquals(all, awake);
        wake(masters, 3);
        assertEquals(2 * all.size(), awake.size());
        assertEquals(new HashSet<>(all), new HashSet<>(awake));
    }

    private static void wake(IdleMasters masters, int times) {
        for (int i = 0; i < times; i++) {
            masters.wakeSome().toCompletableFuture().join();
        }
    }
}
