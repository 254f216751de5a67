package org.pairspan.kms.association;

import java.time.Instant;
import java.util.Objects;
import org.pairspan.kms.pairkey.PairId;

/**
 * A generation of a pair's association, and to which incarnation of each member it was handed. As an event it tells the newest.
 *
 * @param number          from 1; at least the time it was allocated at, in 32nds of a second since 1970
 * @param suite           wire number
 * @param lowIncarnation  of the member whose id sorts first; null while the generation was not handed to it
 * @param highIncarnation of the other member
 */
public record Generation(PairId pair, long number, int keyVersion, int suite, Long lowIncarnation, Long highIncarnation)
        implements AssociationEvent {

    /** The security parameters index holds the generation modulo this: successors differ in it, so that both can be in use at once. */
    private static final int SPI_CYCLE = 32;

    /**
     * What a demand leads to, given the newest generation. A new generation is needed where there is none, where the demand wants one
     * above it, where the suite changed, and where either member runs as another incarnation than the one that has it: that process is
     * gone, and with it the count of what it sent. Otherwise the generation stays and is handed to who has not got it. The key's version
     * stays in any case: only an update changes it.
     *
     * @param newest null where the pair has none yet
     * @param last   the highest number there was, of a generation that was prepared and given up, too
     * @param now    the time, which a new number is never below: a journal that was restored from a backup, or a standby database that
     *               lacked the last events, has forgotten numbers that were handed out, and would hand them out, and their nonces, again
     * @return equal to {@code newest} where nothing changes
     */
    static Generation after(Generation newest, long last, Demand demand, Instant now) {
        boolean asksLow = demand.pair().low().equals(demand.member());
        Long low = asksLow ? Long.valueOf(demand.incarnation()) : demand.peerIncarnation();
        Long high = asksLow ? demand.peerIncarnation() : Long.valueOf(demand.incarnation());
        boolean stays = newest != null && demand.aboveGeneration() < newest.number && demand.suites().contains(newest.suite)
                && agree(newest.lowIncarnation, low) && agree(newest.highIncarnation, high);
        if (stays) {
            return new Generation(newest.pair, newest.number, newest.keyVersion, newest.suite,
                    newest.lowIncarnation == null ? low : newest.lowIncarnation,
                    newest.highIncarnation == null ? high : newest.highIncarnation);
        }
        return new Generation(demand.pair(), apart(newest, numberAfter(last, now)),
                newest == null ? demand.keyVersion() : newest.keyVersion, demand.suites().getFirst(), low, high);
    }

    /** The first generation of another version of the key, for both members as they run now. */
    Generation successor(int version, long last, long low, long high, Instant now) {
        return new Generation(pair, apart(this, numberAfter(last, now)), version, suite, low, high);
    }

    /** After many that were given up, the cycle of indexes must not come round to the one in use. */
    private static long apart(Generation newest, long next) {
        return newest != null && (next - newest.number) % SPI_CYCLE == 0 ? next + 1 : next;
    }

    private static long numberAfter(long last, Instant now) {
        long successor = Math.incrementExact(last);
        long floor = now.toEpochMilli() * SPI_CYCLE / 1000;
        long behind = Math.max(0, floor - successor);
        return successor + Math.ceilDiv(behind, SPI_CYCLE) * SPI_CYCLE;
    }

    private static boolean agree(Long handedTo, Long runs) {
        return handedTo == null || runs == null || handedTo.equals(runs);
    }

    /** The incarnation of a member of the pair that has this generation; null where none has. */
    Long incarnationOf(String member) {
        return pair.low().equals(member) ? lowIncarnation : highIncarnation;
    }

    /** Whether this state hands the generation to a member that had not got it in the state before. */
    boolean handsAnewTo(String member, Generation before) {
        Long now = incarnationOf(member);
        return now != null && (before == null || before.number != number || !Objects.equals(before.incarnationOf(member), now));
    }
}
