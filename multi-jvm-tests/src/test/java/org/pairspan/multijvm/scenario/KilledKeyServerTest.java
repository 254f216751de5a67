package org.pairspan.multijvm.scenario;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.traffic.UdpEcho;
import org.pairspan.cli.lab.traffic.UdpProbe;
import org.pairspan.multijvm.harness.AnswerBook;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.KeyLoad;
import org.pairspan.multijvm.harness.MemberClient;

import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Key servers are killed at random moments under load. {@code -Dpairspan.kills=10} sets how often (3 otherwise) and
 * {@code -Dpairspan.seed=N} repeats the choices of an earlier run.
 */
@Tag("scenario")
@Timeout(900)
@ExtendWith(Installation.Shared.class)
class KilledKeyServerTest {

    private static final int KILLS = Integer.getInteger("pairspan.kills", 3);
    private static final long SEED = Long.getLong("pairspan.seed", new SecureRandom().nextInt(1_000_000));
    private static final int MEMBERS = 40;
    private static final int ECHO_PORT = 7002;
    private static final Duration NEW_PAIR_LIMIT = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Installation installation;

    KilledKeyServerTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void everyAnsweredKeyStaysTheSameAndRunningTunnelsLoseNothing() throws Exception {
        final Random random = new Random(SEED);
        System.out.println("KilledKeyServerTest: " + KILLS + " kills, -Dpairspan.seed=" + SEED);
        final AnswerBook book = new AnswerBook();
        final List<MemberClient> members = installation.members("kill", 1, MEMBERS, book);
        final Site siteB = installation.lab().siteB();
        final InetSocketAddress echoAddress = new InetSocketAddress(siteB.address(), ECHO_PORT);
        try (UdpEcho echo = UdpEcho.start(siteB.namespace(), echoAddress);
             UdpProbe probe = UdpProbe.start(installation.lab().siteA().namespace(), echoAddress, Duration.ofMillis(10))) {
            for (final MemberClient member : members) {
                assertTrue(member.awaitRegistration(LIMIT), member::id);
            }
            assertTrue(probe.awaitAnswer(LIMIT), echo::toString);
            try (KeyLoad load = new KeyLoad(members, book, random.nextLong())) {
                for (int kill = 1; kill <= KILLS; kill++) {
                    killAndRestart(kill, random, load);
                }
                load.stop();
                assertEquals(List.of(), book.contradictions(), "seed " + SEED);
                final int asked = load.askEverythingAgain(LIMIT);
                System.out.println("KilledKeyServerTest: " + asked + " pairs asked again, " + book.size() + " keys, " + load.answers() + " answers");
            }
            assertEquals(List.of(), book.contradictions(), "seed " + SEED);
            final UdpProbe.Result result = probe.stop(Duration.ofSeconds(3));
            System.out.println("KilledKeyServerTest: running tunnel " + result);
            assertEquals(0, result.lost(), () -> "seed " + SEED + ", " + result);
        } finally {
            for (final MemberClient member : members) {
                member.close();
            }
        }
    }

    private void killAndRestart(int kill, Random random, KeyLoad load) throws Exception {
        load.awaitAnswers(50 + random.nextInt(200), LIMIT);
        final int victim = 1 + random.nextInt(3);
        installation.killKeyServer(victim);
        final long killedNs = System.nanoTime();
        load.newPair(NEW_PAIR_LIMIT);
        System.out.printf("KilledKeyServerTest: kill %d was kms-%d; a new pair had its key after %.1f s%n", kill, victim,
            (System.nanoTime() - killedNs) / 1e9);
        installation.restartKeyServer(victim);
    }
}
