package org.pairspan.multijvm.fault;

import org.pairspan.multijvm.harness.AnswerBook;
import org.pairspan.multijvm.harness.KeyRecords;
import org.pairspan.multijvm.harness.KeyCluster;
import org.pairspan.multijvm.harness.KeyLoad;
import org.pairspan.multijvm.harness.MemberClient;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.ServiceFrame;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Members that ask a cluster without pause, start again now and then, and ask for what they may not have. All they are told is watched by an
 * {@link AnswerBook}; at the end it is compared with the audit records.
 */
public final class Watched implements AutoCloseable {

    private static final Duration REGISTRATION = Duration.ofSeconds(60);
    private static final long DISTURB_EVERY_NS = 200_000_000;
    private static final int START_AGAIN_ONE_IN = 10;

    private final KeyCluster cluster;
    private final AnswerBook book = new AnswerBook();
    private final Random random;
    private final List<MemberClient> members;
    private final List<MemberClient> outsiders;
    private final KeyLoad load;
    private final Thread disturber;
    private final List<String> wronglyGranted = new ArrayList<>();
    private volatile boolean stopping;

    /**
     * Connects the members and begins to ask.
     *
     * @param pause of each asker, see {@link KeyLoad}
     */
    public Watched(KeyCluster cluster, int count, long seed, Duration pause) throws IOException, InterruptedException, TimeoutException {
        this.cluster = cluster;
        random = new Random(seed);
        members = cluster.members("member", 0, count, Suite.AES_256_GCM, book);
        outsiders = cluster.members("outsider", 1, 2, Suite.CHACHA20_POLY1305, book);
        outsiders.forEach(outsider -> members.forEach(member -> book.forbid(outsider.id(), member.id())));
        final List<MemberClient> all = new ArrayList<>(members);
        all.addAll(outsiders);
        for (final MemberClient member : all) {
            if (!member.awaitRegistration(REGISTRATION)) {
                throw new TimeoutException(member.id() + " was not registered within " + REGISTRATION.toSeconds() + " s");
            }
        }
        load = new KeyLoad(members, book, random.nextLong(), 10, pause);
        disturber = Thread.ofVirtual().name("disturber").start(this::disturb);
    }

    public KeyLoad load() {
        return load;
    }

    public AnswerBook book() {
        return book;
    }

    public List<MemberClient> members() {
        return members;
    }

    /** Ends the questions, asks for every key once more at both ends, and tells everything that was wrong, ever. */
    public List<String> verdict(Duration limitEach) throws IOException, InterruptedException, TimeoutException {
        stopping = true;
        disturber.join();
        load.stop();
        final int asked = load.askEverythingAgain(limitEach);
        final KeyRecords trail = KeyRecords.read(cluster.auditFiles());
        System.out.printf("  %,d answers, %,d keys, %,d pairs asked again at both ends, %,d audit records of keys that went out%n", load.answers(), book.size(),
            asked, trail.size());
        final List<String> wrong = new ArrayList<>(book.contradictions());
        wrong.addAll(wronglyGranted);
        wrong.addAll(trail.missing(book.told()));
        return wrong;
    }

    @Override
    public void close() throws InterruptedException {
        stopping = true;
        load.close();
        disturber.join();
    }

    private void disturb() {
        long incarnation = 1_000_000;
        while (!stopping) {
            final MemberClient member = members.get(random.nextInt(members.size()));
            final MemberClient outsider = outsiders.get(random.nextInt(outsiders.size()));
            mayNotBeGranted(outsider.question(outsider.id(), member.address(), 0), "an outsider");
            mayNotBeGranted(outsider.question(member.id(), members.getFirst().address(), 0), "an impostor");
            if (random.nextInt(START_AGAIN_ONE_IN) == 0) {
                member.startAgain(++incarnation);
            }
            LockSupport.parkNanos(DISTURB_EVERY_NS);
        }
    }

    private void mayNotBeGranted(CompletableFuture<ServiceFrame> answer, String who) {
        answer.thenAccept(frame -> {
            if (frame.hasKeyGrant()) {
                synchronized (wronglyGranted) {
                    wronglyGranted.add(who + " was granted a key");
                }
            }
        });
    }
}
