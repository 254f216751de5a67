package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.InTurn;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;

/** 46 members make 1,035 pairs. In each of 45 rounds every member meets another one, and the two of each pair ask at the same moment. */
@InTurn
class ManyPairsTest {

    private static final int MEMBERS = 46;
    private static final int ROUNDS = MEMBERS - 1;
    private static final int MOST_REPEATS = 10;

    @TempDir
    Path folder;

    private record Pair(int low, int high) {
    }

    @Test
    void bothMembersOfAThousandPairsAskingAtOnceGetOneKeyForEachPair() throws Exception {
        Installation installation = new Installation(folder, KeyKind.ECDSA_P256, 1);
        List<MemberClient> members = new ArrayList<>();
        try (KeyServer server = KeyServer.start(installation.configuration(0), System.out::println);
                ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory())) {
            for (int i = 0; i < MEMBERS; i++) {
                String prefix = "10." + i + ".0.0/16";
                members.add(new MemberClient(installation.member("member-" + i, prefix), installation.memberLink(0), 1_000 + i));
                assertTrue(members.get(i).register(List.of(prefix), 1, 2).hasRegistered());
            }
            CyclicBarrier roundBegins = new CyclicBarrier(MEMBERS);
            List<Future<Map<Pair, Association>>> all = new ArrayList<>();
            for (int i = 0; i < MEMBERS; i++) {
                int own = i;
                all.add(threads.submit(() -> askEachPeer(members.get(own), own, roundBegins)));
            }
            Map<Pair, Association> seen = new HashMap<>();
            Set<ByteString> keys = new HashSet<>();
            for (Future<Map<Pair, Association>> one : all) {
                one.get().forEach((pair, association) -> {
                    Association other = seen.putIfAbsent(pair, association);
                    if (other != null) {
                        assertEquals(other.getPairKey(), association.getPairKey(), pair::toString);
                        assertEquals(other.getKeyVersion(), association.getKeyVersion(), pair::toString);
                        assertEquals(other.getGeneration(), association.getGeneration(), pair::toString);
                    }
                    keys.add(association.getPairKey());
                });
            }
            assertEquals(MEMBERS * ROUNDS / 2, seen.size());
            assertEquals(seen.size(), keys.size());
            assertTrue(server.whenTerminated().toCompletableFuture().state() == Future.State.RUNNING);
        } finally {
            for (MemberClient member : members) {
                member.close();
            }
        }
    }

    private static Map<Pair, Association> askEachPeer(MemberClient client, int own, CyclicBarrier roundBegins) throws Exception {
        Map<Pair, Association> got = new HashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            int peer = opponent(own, round);
            // Bounded, so that one that fails does not leave the others waiting for it.
            roundBegins.await(1, TimeUnit.MINUTES);
            ServiceFrame answer = ask(client, "10." + peer + ".0.1");
            assertTrue(answer.hasKeyGrant(), answer::toString);
            got.put(new Pair(Math.min(own, peer), Math.max(own, peer)), answer.getKeyGrant().getAssociation());
        }
        return got;
    }

    /** As a member asks: once more where the service says that it can't answer now, as on a busy machine. */
    private static ServiceFrame ask(MemberClient client, String address) throws Exception {
        ServiceFrame answer = client.request(address, 0);
        for (int again = 0; again < MOST_REPEATS && answer.getRefusal().getReason() == Refusal.Reason.UNAVAILABLE; again++) {
            answer = client.request(address, 0);
        }
        return answer;
    }

    /** The circle method: the last member stays, the others turn about it. */
    private static int opponent(int own, int round) {
        int turning = MEMBERS - 1;
        if (own == turning) {
            return round;
        }
        int opponent = Math.floorMod(2 * round - own, turning);
        return opponent == own ? turning : opponent;
    }
}
