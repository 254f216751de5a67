package org.pairspan.kms.association;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.pairspan.kms.pairkey.PairId;

/**
 * Two members as a node is one, as far as generations go, and a network that loses what it likes. After every step each sends a packet
 * to the other: what the other cannot open is a fault, unless one of them has restarted since they last agreed.
 */
final class ModelMembers implements UpdateSteps {

    private final PairId pair;
    private final Random random;
    private final Map<String, Member> members = new HashMap<>();
    /** Generations that were opened at a member, with the process it ran as. */
    private final Set<String> acknowledged = new HashSet<>();
    private final Map<Long, Generation> prepared = new HashMap<>();
    private final List<String> faults = new ArrayList<>();
    private boolean faulty;
    private boolean restarted;
    private int version = 1;
    private int steps;
    private long timeMs;

    /** One process of a member. */
    private static final class Member {
        private long incarnation;
        private long sendsUnder;
        private long waits;
        private final Set<Long> opens = new HashSet<>();
    }

    ModelMembers(PairId pair, long seed) {
        this.pair = pair;
        random = new Random(seed);
        members.put(pair.low(), new Member());
        members.put(pair.high(), new Member());
        members.values().forEach(member -> member.incarnation = random.nextLong());
    }

    synchronized void faulty(boolean on) {
        faulty = on;
    }

    /** Goes on with each look. */
    synchronized long timeMs() {
        return ++timeMs;
    }

    synchronized long incarnation(String member) {
        return members.get(member).incarnation;
    }

    synchronized long sendsUnder(String member) {
        return members.get(member).sendsUnder;
    }

    synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** The process dies, and another takes its place with nothing. */
    synchronized void restart(String id) {
        Member member = members.get(id);
        member.incarnation = random.nextLong();
        member.sendsUnder = 0;
        member.waits = 0;
        member.opens.clear();
        restarted = true;
    }

    /** A generation came as an answer, or was pushed to be used at once. */
    synchronized void granted(String id, long generation) {
        Member member = members.get(id);
        if (generation < member.sendsUnder || generation == member.sendsUnder) {
            return;
        }
        member.opens.add(generation);
        if (member.waits <= generation) {
            member.waits = 0;
        }
        acknowledged.add(id + ' ' + generation);
        // The probe of a candidate is answered by the peer's, once both have it; here that is at once.
        Member peer = members.get(peer(id));
        if (member.sendsUnder == 0 || peer.opens.contains(generation)) {
            member.sendsUnder = generation;
        }
    }

    /** Each sends to the other. */
    synchronized void exchange() {
        packet(pair.low());
        packet(pair.high());
        packet(pair.low());
        Member low = members.get(pair.low());
        Member high = members.get(pair.high());
        restarted &= low.sendsUnder != high.sendsUnder;
    }

    private void packet(String from) {
        Member sender = members.get(from);
        Member receiver = members.get(peer(from));
        if (sender.sendsUnder == 0) {
            return;
        }
        if (!receiver.opens.contains(sender.sendsUnder)) {
            if (!restarted) {
                faults.add(peer(from) + " cannot open " + sender.sendsUnder + " of " + from + "; it opens " + receiver.opens);
            }
        } else if (receiver.sendsUnder < sender.sendsUnder) {
            use(peer(from), receiver, sender.sendsUnder);
        }
    }

    private void use(String id, Member member, long generation) {
        Generation next = prepared.get(generation);
        if (next != null && !(acknowledged.contains(pair.low() + ' ' + generation) && acknowledged.contains(pair.high() + ' ' + generation))) {
            faults.add(id + " uses " + generation + ", which not both have");
        }
        member.sendsUnder = generation;
        member.waits = 0;
    }

    synchronized void awaitSteps(int more) {
        long wanted = steps + more;
        long endNs = System.nanoTime() + 50_000_000;
        while (steps < wanted && System.nanoTime() < endNs) {
            try {
                wait(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public synchronized CompletionStage<Ready> begin(PairId same) {
        return faulty && random.nextInt(8) == 0 ? CompletableFuture.failedStage(new NotReadyException("away"))
                : CompletableFuture.completedStage(new Ready(++version, incarnation(pair.low()), incarnation(pair.high())));
    }

    @Override
    public synchronized CompletionStage<Outcome> towards(String id, Step step, Generation next) {
        steps++;
        notifyAll();
        Member member = members.get(id);
        Long meant = id.equals(pair.low()) ? next.lowIncarnation() : next.highIncarnation();
        if (step == Step.PREPARE) {
            prepared.put(next.number(), next);
        }
        if (faulty && random.nextInt(6) == 0) {
            return CompletableFuture.completedStage(Outcome.AWAY);
        }
        if (member.incarnation != meant) {
            return CompletableFuture.completedStage(Outcome.OTHER_PROCESS);
        }
        boolean done = take(id, member, step, next.number());
        if (faulty && random.nextInt(8) == 0) {
            done &= take(id, member, step, next.number());
        }
        exchange();
        return CompletableFuture.completedStage(faulty && random.nextInt(6) == 0 ? Outcome.AWAY : done ? Outcome.DONE : Outcome.REFUSED);
    }

    private boolean take(String id, Member member, Step step, long generation) {
        switch (step) {
            case PREPARE -> {
                if (generation < member.sendsUnder) {
                    return false;
                }
                if (generation > member.sendsUnder) {
                    member.waits = generation;
                    member.opens.add(generation);
                }
                acknowledged.add(id + ' ' + generation);
            }
            case ACTIVATE, RETIRE -> {
                if (member.waits == generation) {
                    use(id, member, generation);
                }
                if (member.sendsUnder < generation) {
                    return false;
                }
                if (step == Step.RETIRE) {
                    member.opens.removeIf(open -> open < generation);
                }
            }
            case ROLL_BACK -> {
                if (member.waits == generation) {
                    member.waits = 0;
                    member.opens.remove(generation);
                }
                return member.sendsUnder < generation;
            }
        }
        return true;
    }

    @Override
    public CompletionStage<Boolean> connectsWithin(String id, Duration time) {
        return CompletableFuture.completedStage(false);
    }

    @Override
    public synchronized CompletionStage<Void> activateKey(PairId same, int activated) {
        return keyChange();
    }

    @Override
    public synchronized CompletionStage<Void> retireKey(PairId same, int retired) {
        return keyChange();
    }

    private CompletionStage<Void> keyChange() {
        return faulty && random.nextInt(6) == 0 ? CompletableFuture.failedStage(new IllegalStateException("not now"))
                : CompletableFuture.completedStage(null);
    }

    private String peer(String id) {
        return id.equals(pair.low()) ? pair.high() : pair.low();
    }
}
