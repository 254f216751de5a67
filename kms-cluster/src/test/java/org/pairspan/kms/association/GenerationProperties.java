package org.pairspan.kms.association;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.pairspan.kms.pairkey.PairId;

/**
 * Two members restart, ask, are pushed to and renew in any order; the service is killed before or after it stores; what it knows of the
 * peer may be old.
 */
class GenerationProperties {

    private static final PairId PAIR = PairId.of("a", "b");
    private static final int STEPS = 200;

    private record Holding(long generation, String member) {
    }

    @Property(tries = 500)
    void noGenerationIsEverHandedToTwoIncarnationsOfOneMember(@ForAll long seed) {
        Random random = new Random(seed);
        Map<String, Long> runs = new HashMap<>(Map.of("a", random.nextLong(), "b", random.nextLong()));
        Map<String, Long> ranBefore = new HashMap<>(runs);
        Map<Holding, Long> handed = new HashMap<>();
        Map<Long, Generation> allocated = new HashMap<>();
        Generation newest = null;
        for (int step = 0; step < STEPS; step++) {
            String asker = random.nextBoolean() ? "a" : "b";
            String peer = asker.equals("a") ? "b" : "a";
            if (random.nextInt(5) == 0) {
                ranBefore.put(asker, runs.put(asker, random.nextLong()));
            }
            Long peerRuns = switch (random.nextInt(4)) {
                case 0 -> null;
                case 1 -> ranBefore.get(peer);
                default -> runs.get(peer);
            };
            // A late request of the process before is possible, too.
            long incarnation = random.nextInt(10) == 0 ? ranBefore.get(asker) : runs.get(asker);
            long above = newest == null || random.nextInt(3) > 0 ? 0 : newest.number() - random.nextInt(2);
            Generation next = Generation.after(newest, last(newest),
                    new Demand(PAIR, asker, incarnation, peerRuns, above, 1, List.of(1 + random.nextInt(2), 3), null),
                    Instant.ofEpochMilli(random.nextInt(20_000)));
            if (random.nextInt(6) == 0) {
                continue; // killed before it was stored: nothing was handed out
            }
            String where = "seed " + seed + " step " + step;
            assertTrue(next.number() > above, where);
            Generation known = allocated.putIfAbsent(next.number(), next);
            if (known != null) {
                assertEquals(known.suite(), next.suite(), where);
                assertTrue(newest != null && next.number() == newest.number(), where + ": only the newest is handed out");
            }
            newest = next;
            if (random.nextInt(6) == 0) {
                continue; // killed after it was stored, before the answer
            }
            hand(handed, next, asker, incarnation, where);
            if (peerRuns != null) {
                hand(handed, next, peer, peerRuns, where);
            }
        }
    }

    private static long last(Generation newest) {
        return newest == null ? 0 : newest.number();
    }

    private static void hand(Map<Holding, Long> handed, Generation generation, String member, long incarnation, String where) {
        assertEquals(incarnation, generation.incarnationOf(member), where);
        Long before = handed.putIfAbsent(new Holding(generation.number(), member), incarnation);
        assertTrue(before == null || before == incarnation, () -> where + ": generation " + generation.number() + " to " + member + " twice");
    }

    @Property(tries = 500)
    void aJournalThatHasForgottenTheLastEventsNeverRepeatsANumber(@ForAll long seed) {
        Random random = new Random(seed);
        Set<Long> given = new HashSet<>();
        List<Generation> journal = new ArrayList<>();
        Instant now = Instant.ofEpochSecond(1_800_000_000);
        for (int step = 0; step < STEPS; step++) {
            Generation newest = journal.isEmpty() ? null : journal.getLast();
            Generation next = Generation.after(newest, last(newest), new Demand(PAIR, "a", random.nextLong(), null, 0, 1, List.of(1), null), now);
            assertTrue(given.add(next.number()), "seed " + seed + " step " + step + ": " + next.number() + " again");
            journal.add(next);
            now = now.plusMillis(random.nextInt(100));
            if (random.nextInt(10) == 0) {
                // A takeover takes seconds; what was stored in the last of them may be gone.
                journal.subList(random.nextInt(journal.size()), journal.size()).clear();
                now = now.plusSeconds(2 + journal.size() / 32);
            }
        }
    }

    @Property(tries = 50)
    void bothMembersAskingInTurnAgreeWithoutANewGeneration(@ForAll long seed) {
        Random random = new Random(seed);
        long a = random.nextLong();
        long b = random.nextLong();
        Generation first = Generation.after(null, 0, new Demand(PAIR, "a", a, null, 0, 1, List.of(1), null), Instant.EPOCH);
        Generation second = Generation.after(first, first.number(), new Demand(PAIR, "b", b, a, 0, 1, List.of(1), null), Instant.EPOCH);
        Generation third = Generation.after(second, second.number(), new Demand(PAIR, "a", a, b, 0, 1, List.of(1), null), Instant.EPOCH);
        assertEquals(1, third.number(), () -> "seed " + seed);
        assertEquals(second, third);
    }
}
