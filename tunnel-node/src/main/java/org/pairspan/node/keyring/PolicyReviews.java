package org.pairspan.node.keyring;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.pairspan.node.keyring.Associations.Held;
import org.pairspan.protocol.keyservice.HeldAssociation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the key service review what is held here whenever its policy may have changed, and after each registration: what is denied is closed, and what may go on upon other
 * terms is renewed. One question at a time; asked again until there is an answer. Control thread, but for {@link #onPolicy}'s caller.
 */
final class PolicyReviews {
    /** Associations in one question. */
    static final int AT_ONCE = 256;
    /** Between a question that failed and the next one. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PolicyReviews.class);
    private static final long NONE = -1;

    /** Asks the key service. */
    interface Reviewer {
        /** @return completes on any thread; exceptionally when no answer can be had now. */
        CompletableFuture<Reply.Verdict> review(List<HeldAssociation> held);
    }

    /** What is done about a verdict. */
    interface Consequences {
        /** The pair may not talk any more. */
        void denied(Held held, long nowNs);

        /** It may on other terms, which come with a new generation. */
        void changed(Held held, long nowNs);
    }

    private final Reviewer reviewer;
    private final Associations associations;
    private final Consequences consequences;
    private final Consumer<KeyAgent.Event> report;
    private final Queue<List<Held>> left = new ArrayDeque<>();
    private long version = NONE;
    private boolean due;
    private boolean underWay;
    private long notBeforeNs;

    /** @param report leaves an event for the control thread; any thread. */
    PolicyReviews(Reviewer reviewer, Associations associations, Consequences consequences, Consumer<KeyAgent.Event> report) {
        this.reviewer = reviewer;
        this.associations = associations;
        this.consequences = consequences;
        this.report = report;
    }

    /** The server that is asked may be another one, or go by other settings than before: the same version means no more that nothing has changed. */
    void onLinkUp() {
        version = NONE;
    }

    /** This version is in force at the server that is asked. */
    void onPolicy(long inForce, long nowNs) {
        if (inForce != version) {
            version = inForce;
            due = true;
            notBeforeNs = nowNs;
        }
    }

    /** Asks what is to be asked now; returns how much that was. */
    int doWork(long nowNs) {
        if (underWay || !due || nowNs - notBeforeNs < 0) {
            return 0;
        }
        due = false;
        left.clear();
        List<Held> all = associations.all();
        IntStream.iterate(0, from -> from < all.size(), from -> from + AT_ONCE)
                .forEach(from -> left.add(all.subList(from, Math.min(all.size(), from + AT_ONCE))));
        askNext();
        return 1;
    }

    private void askNext() {
        List<Held> some = left.poll();
        underWay = some != null;
        if (some != null) {
            reviewer.review(some.stream().map(PolicyReviews::message).toList())
                    .whenComplete((verdict, failure) -> report.accept(nowNs -> onAnswer(some, verdict, failure, nowNs)));
        }
    }

    private static HeldAssociation message(Held held) {
        return HeldAssociation.newBuilder().setPeerId(held.peerId()).setSuite(held.suite().wireNumber()).setTerms(held.terms()).build();
    }

    private void onAnswer(List<Held> asked, Reply.Verdict verdict, Throwable failure, long nowNs) {
        if (failure != null) {
            LOG.debug("No review of policy version {}: {}", version, failure.toString());
            underWay = false;
            due = true;
            notBeforeNs = nowNs + PAUSE.toNanos();
            return;
        }
        for (Held held : asked) {
            if (verdict.denied().contains(held.peerId())) {
                LOG.warn("The policy of the key service does not allow {} any more: what is shared with it is closed", held.peerId());
                consequences.denied(held, nowNs);
            } else if (verdict.changed().contains(held.peerId())) {
                LOG.info("The policy of the key service has other terms for {}", held.peerId());
                consequences.changed(held, nowNs);
            }
        }
        if (!verdict.changed().isEmpty()) {
            // What takes its place may have been on its way already, upon the terms of before: looked at once more.
            due = true;
            notBeforeNs = nowNs + PAUSE.toNanos();
        }
        askNext();
    }
}
