package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pairspan.multijvm.harness.AnswerBook;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.MemberClient;
import org.pairspan.multijvm.harness.Scenario;
import org.pairspan.protocol.keyservice.Association;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.time.Duration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Scenario
@Timeout(240)
class SameMomentTest {

    private static final int PAIRS = 1000;
    /** Every member with every other: 45 × 46 / 2 = 1,035 pairs. */
    private static final int MEMBERS = 46;
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Installation installation;

    private record Pair(MemberClient one, MemberClient other) {
    }

    SameMomentTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void bothMembersOfAThousandPairsAskAtOnceAndEachPairGetsOneKey() throws Exception {
        final AnswerBook book = new AnswerBook();
        final List<MemberClient> members = installation.members("same", 0, MEMBERS, book);
        try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (final MemberClient member : members) {
                assertTrue(member.awaitRegistration(LIMIT), member::id);
            }
            final List<Pair> pairs = pairs(members);
            final CountDownLatch start = new CountDownLatch(1);
            final List<Future<Association>> ones = new ArrayList<>();
            final List<Future<Association>> others = new ArrayList<>();
            for (final Pair pair : pairs) {
                ones.add(askers.submit(asker(start, pair.one, pair.other)));
                others.add(askers.submit(asker(start, pair.other, pair.one)));
            }
            start.countDown();
            for (int i = 0; i < PAIRS; i++) {
                final Association one = ones.get(i).get();
                final Association other = others.get(i).get();
                assertEquals(one.getPairKey(), other.getPairKey(), pairs.get(i).one.id() + " and " + pairs.get(i).other.id());
                assertEquals(one.getKeyVersion(), other.getKeyVersion());
                assertEquals(pairs.get(i).other.id(), one.getPeerId());
                assertEquals(pairs.get(i).one.id(), other.getPeerId());
            }
            assertEquals(List.of(), book.contradictions());
            assertEquals(PAIRS, book.size());
        } finally {
            for (final MemberClient member : members) {
                member.close();
            }
        }
    }

    private static Callable<Association> asker(CountDownLatch start, MemberClient from, MemberClient to) {
        return () -> {
            start.await();
            return from.ask(to.address(), LIMIT);
        };
    }

    private static List<Pair> pairs(List<MemberClient> members) {
        final List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            for (int j = i + 1; j < members.size() && pairs.size() < PAIRS; j++) {
                pairs.add(new Pair(members.get(i), members.get(j)));
            }
        }
        return pairs;
    }
}
