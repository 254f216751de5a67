package org.pairspan.multijvm.fault;

import org.pairspan.cli.lab.LabException;
import org.pairspan.multijvm.harness.KeyCluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Something that goes wrong, and is mended.
 *
 * @param name what is printed
 * @param majorityServes whether more than half of the key servers can work meanwhile, so that members must get keys
 * @param begin makes it so
 * @param end mends it, as far as it does not mend itself; what ended is started again by the caller
 */
public record Fault(String name, boolean majorityServes, Consumer<KeyCluster> begin, Consumer<KeyCluster> end) {

    private static final int SERVERS = 3;
    /** As much as PostgreSQL can be told to. */
    private static final Duration SLOW_COMMIT = Duration.ofMillis(100);
    /** Without room: five seconds until it gives up, then a shutdown in order, whose steps each have their time. */
    private static final Duration LEAVES_WITHIN = Duration.ofSeconds(40);
    private static final int FAILURE = 1;
    private static final Consumer<KeyCluster> NOTHING = cluster -> { };

    /** Every kind of fault once, each with a victim of its own choice, in random order. */
    public static List<Fault> oneOfEach(Random random) {
        final List<Fault> all = new ArrayList<>();
        all.add(killed(any(random)));
        all.add(frozen(any(random)));
        all.add(cutOffFromOthers(any(random)));
        all.add(cutOffFromDatabase(any(random)));
        all.add(cutOffFromAll(any(random)));
        final int one = any(random);
        all.add(cutOffFromOneOther(one, 1 + one % SERVERS));
        all.add(allCutOff());
        all.add(twoKilled(any(random)));
        all.add(new Fault("the database stands still", false, cluster -> cluster.database().freeze(), cluster -> cluster.database().thaw()));
        all.add(new Fault("the database is killed", false, cluster -> cluster.database().kill(), cluster -> cluster.database().restart()));
        all.add(new Fault("the database's disk is slow", true, cluster -> cluster.database().delayCommits(SLOW_COMMIT),
            cluster -> cluster.database().delayCommits(Duration.ZERO)));
        all.add(diskFull(any(random)));
        Collections.shuffle(all, random);
        return all;
    }

    public static Fault killed(int server) {
        return new Fault(KeyCluster.name(server) + " is killed", true, cluster -> cluster.server(server).kill(), NOTHING);
    }

    public static Fault frozen(int server) {
        return new Fault(KeyCluster.name(server) + " stands still", true, cluster -> cluster.server(server).freeze(), cluster -> cluster.server(server).thaw());
    }

    public static Fault cutOffFromOthers(int server) {
        return cut(KeyCluster.name(server) + " is cut off from the other key servers, not from database and members", server, others(server), true);
    }

    public static Fault cutOffFromDatabase(int server) {
        return cut(KeyCluster.name(server) + " is cut off from the database", server, List.of(KeyCluster.DATABASE), true);
    }

    /** It can't write its audit log; what it can't record it does not answer. So it leaves its pairs to the others, and ends as a failure. */
    public static Fault diskFull(int server) {
        final String name = KeyCluster.name(server);
        return new Fault(name + " has no room on its disk", true, cluster -> cluster.server(server).fillDisk(), cluster -> {
            final int code = cluster.server(server).awaitEnd(LEAVES_WITHIN);
            if (code != FAILURE) {
                throw new LabException(name + " left with exit code " + code);
            }
        });
    }

    private static Fault cutOffFromAll(int server) {
        final List<String> all = new ArrayList<>(others(server));
        all.addAll(List.of(KeyCluster.DATABASE, KeyCluster.MEMBERS));
        return cut(KeyCluster.name(server) + " is cut off from everything", server, all, true);
    }

    private static Fault cutOffFromOneOther(int server, int other) {
        return cut(KeyCluster.name(server) + " and " + KeyCluster.name(other) + " are cut off from each other", server, List.of(KeyCluster.name(other)), true);
    }

    private static Fault allCutOff() {
        return new Fault("every key server is cut off from the others", false,
            cluster -> cluster.numbers().forEach(number -> cluster.network().cut(KeyCluster.name(number), others(number))),
            cluster -> cluster.numbers().forEach(number -> cluster.network().cut(KeyCluster.name(number), List.of())));
    }

    private static Fault twoKilled(int left) {
        return new Fault("all but " + KeyCluster.name(left) + " are killed", false, cluster -> others(left).forEach(name ->
            cluster.server(Integer.parseInt(name.substring(name.length() - 1))).kill()), NOTHING);
    }

    private static Fault cut(String name, int server, List<String> others, boolean majorityServes) {
        return new Fault(name, majorityServes, cluster -> cluster.network().cut(KeyCluster.name(server), others),
            cluster -> cluster.network().cut(KeyCluster.name(server), List.of()));
    }

    private static List<String> others(int server) {
        return IntStream.rangeClosed(1, SERVERS).filter(number -> number != server).mapToObj(KeyCluster::name).toList();
    }

    private static int any(Random random) {
        return 1 + random.nextInt(SERVERS);
    }
}
