package org.pairspan.node.keyring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The questions without an answer yet: one a target, asked again after growing pauses for as long as somebody wants the answer.
 * Bounded; single thread.
 *
 * <p>Any host of the site can have any address asked for. So addresses leave room for members' numbers, and where they have used up theirs
 * a new one takes the place of the oldest that was asked and found no answer: each has its turn, however many there are.
 */
final class OpenQuestions {
    static final int CAPACITY = 1024;
    /** Of these, at most so many about addresses. */
    static final int MOST_ADDRESSES = 768;
    /** A question that nobody has repeated for so long is given up: the data thread asks again with the next packet. */
    static final Duration FRESH = Duration.ofSeconds(10);
    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    /** Sends a question. */
    interface Asker {
        void ask(Target target, long aboveGeneration);
    }

    private static final class Question {
        private final Backoff backoff;
        private long aboveGeneration;
        private long wantedAtNs;
        private long askAtNs;
        private boolean underWay;
        private boolean askedBefore;

        Question(Backoff backoff, long nowNs) {
            this.backoff = backoff;
            wantedAtNs = nowNs;
            askAtNs = nowNs;
        }
    }

    private final Map<Target, Question> questions = new LinkedHashMap<>();
    private final RandomGenerator random;

    OpenQuestions(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Somebody wants to know. A question that is open already is kept fresh; the higher generation counts.
     *
     * @return false when there are too many open questions and this one was not taken: the data thread asks again with the next packet.
     */
    boolean want(Target target, long aboveGeneration, long nowNs) {
        Question question = questions.get(target);
        if (question == null) {
            if (!hasRoomFor(target)) {
                return false;
            }
            question = new Question(new Backoff(FIRST_PAUSE.toNanos(), LONGEST_PAUSE.toNanos(), random), nowNs);
            questions.put(target, question);
        }
        question.aboveGeneration = Math.max(question.aboveGeneration, aboveGeneration);
        question.wantedAtNs = nowNs;
        return true;
    }

    private boolean hasRoomFor(Target target) {
        if (target instanceof Target.Owner && addresses() >= MOST_ADDRESSES) {
            return dropOldestInVain();
        }
        return questions.size() < CAPACITY;
    }

    private int addresses() {
        int addresses = 0;
        for (Target target : questions.keySet()) {
            addresses += target instanceof Target.Owner ? 1 : 0;
        }
        return addresses;
    }

    /** Drops the oldest question about an address that was asked in vain. What is under way stays, as its answer comes. */
    private boolean dropOldestInVain() {
        for (Iterator<Map.Entry<Target, Question>> i = questions.entrySet().iterator(); i.hasNext();) {
            Map.Entry<Target, Question> entry = i.next();
            if (entry.getKey() instanceof Target.Owner && entry.getValue().askedBefore && !entry.getValue().underWay) {
                i.remove();
                return true;
            }
        }
        return false;
    }

    /** Sends what is due and forgets what is stale; returns how many were sent. */
    int askDue(long nowNs, Asker asker) {
        List<Map.Entry<Target, Question>> due = new ArrayList<>();
        for (Iterator<Map.Entry<Target, Question>> i = questions.entrySet().iterator(); i.hasNext();) {
            Map.Entry<Target, Question> entry = i.next();
            Question question = entry.getValue();
            if (question.underWay || nowNs - question.askAtNs < 0) {
                continue;
            }
            if (nowNs - question.wantedAtNs > FRESH.toNanos()) {
                i.remove();
            } else {
                question.underWay = true;
                question.askedBefore = true;
                due.add(entry);
            }
        }
        due.forEach(entry -> asker.ask(entry.getKey(), entry.getValue().aboveGeneration));
        return due.size();
    }

    boolean isOpen(Target target) {
        return questions.containsKey(target);
    }

    /** The generation that the answer must be above; 0 when any will do. */
    long aboveGeneration(Target target) {
        return questions.get(target).aboveGeneration;
    }

    /** There is an answer. */
    void close(Target target) {
        questions.remove(target);
    }

    /** No answer could be had: once more after a pause. */
    void askLater(Target target, long nowNs) {
        Question question = questions.get(target);
        question.underWay = false;
        question.askAtNs = nowNs + question.backoff.nextNs();
    }

    /** What failed before has a new chance now. */
    void askAllNow(long nowNs) {
        questions.values().forEach(question -> {
            question.askAtNs = nowNs;
            question.backoff.reset();
        });
    }
}
