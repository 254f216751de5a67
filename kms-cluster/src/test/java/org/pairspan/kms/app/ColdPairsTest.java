package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.pairspan.kms.association.Association;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;

/** More pairs than the key server keeps in memory: 30 members make 435, of which 100 stay. */
@Timeout(180)
@Isolated("it counts the objects of the whole heap")
class ColdPairsTest {

    private static final int MEMBERS = 30;
    private static final int WARM = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(200);

    @TempDir
    Path folder;

    @Test
    void pairsThatWereNotAskedForLeaveMemoryAndComeBackAsTheyWere() throws Exception {
        Installation installation = new Installation(folder, KeyKind.ECDSA_P256, 1);
        Files.writeString(installation.configuration(0),
                "pairspan.kms { cluster.warm-pairs = " + WARM + ", member-link { registration-timeout = 1 m, idle-timeout = 5 m } }\n", StandardOpenOption.APPEND);
        List<MemberClient> members = new ArrayList<>();
        try (KeyServer server = KeyServer.start(installation.configuration(0), System.out::println)) {
            for (int i = 0; i < MEMBERS; i++) {
                String prefix = "10." + i + ".0.0/16";
                members.add(new MemberClient(installation.member("member-" + i, prefix), installation.memberLink(0), 1_000 + i));
                assertTrue(members.get(i).register(List.of(prefix), 1).hasRegistered());
            }
            List<Long> tookNs = new ArrayList<>();
            List<org.pairspan.protocol.keyservice.Association> first = askAll(members, new ArrayList<>());
            assertTrue(awaitInstances(PairKey.class) <= WARM);
            assertTrue(awaitInstances(Association.class) <= WARM);
            assertEquals(first, askAll(members, tookNs));
            long[] sorted = tookNs.stream().mapToLong(Long::longValue).sorted().toArray();
            System.out.printf("ColdPairsTest: %d answers, p50 %.1f ms, p99 %.1f ms%n", sorted.length, sorted[sorted.length / 2] / 1e6,
                    sorted[sorted.length * 99 / 100] / 1e6);
        } finally {
            for (MemberClient member : members) {
                member.close();
            }
        }
    }

    /** Every pair once, in an order in which each has long left memory when its turn comes again. */
    private static List<org.pairspan.protocol.keyservice.Association> askAll(List<MemberClient> members, List<Long> tookNs) throws IOException {
        List<org.pairspan.protocol.keyservice.Association> answers = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            for (int j = i + 1; j < MEMBERS; j++) {
                long start = System.nanoTime();
                ServiceFrame answer = members.get(i).request("10." + j + ".0.1", 0);
                tookNs.add(System.nanoTime() - start);
                assertTrue(answer.hasKeyGrant(), answer::toString);
                answers.add(answer.getKeyGrant().getAssociation());
            }
        }
        return answers;
    }

    /** How many live objects of a class there are, when they are few enough or patience ends: entities stop a little after they were told to. */
    private static int awaitInstances(Class<?> type) throws Exception {
        long start = System.nanoTime();
        int count = instances(type);
        while (count > WARM && System.nanoTime() - start < PATIENCE.toNanos()) {
            LockSupport.parkNanos(LOOK_AGAIN_NS);
            count = instances(type);
        }
        return count;
    }

    private static int instances(Class<?> type) throws Exception {
        String histogram = (String) ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram", new Object[] {new String[0]}, new String[] {String[].class.getName()});
        return histogram.lines().map(line -> line.strip().split("\\s+")).filter(columns -> columns.length >= 4 && columns[3].equals(type.getName()))
                .mapToInt(columns -> Integer.parseInt(columns[1])).sum();
    }
}
