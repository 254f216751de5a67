package org.pairspan.kms.audit.chain;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What verification found.
 *
 * @param server        whose log; null where nothing was readable
 * @param chain         which chain of it
 * @param records       how many records are whole, one after the other
 * @param firstSequence number of the first of them; 1 where the chain is there from its beginning
 * @param lastSequence  of the last
 * @param lastHash      its hash, hex
 * @param signedUpTo    number of the last checkpoint; records after it could be cut off or changed unseen by who owns the file
 * @param lastSigned    when it was made; null where there is none
 * @param starts        how often the server was started
 * @param cuts          how often bytes of unanswered records were taken away
 * @param fault         the first bad place; nothing behind it was looked at
 */
public record LogReport(String server, String chain, long records, long firstSequence, long lastSequence, String lastHash, Instant from,
        Instant to, long signedUpTo, Instant lastSigned, int starts, int cuts, Optional<Fault> fault) {

    /**
     * A bad place.
     *
     * @param line from 1
     */
    public record Fault(Path file, long line, String why) {
    }

    /** Collects while the log is read. */
    static final class Builder {
        private Instant from;
        private Instant to;
        private Instant lastSigned;
        private long records;
        private long first;
        private int starts;
        private int cuts;
        private Fault fault;

        void add(LogLine line) {
            first = records == 0 ? line.sequence() : first;
            from = records == 0 ? line.time() : from;
            to = line.time();
            records++;
            switch (line.event()) {
                case LogLine.OPENED -> starts++;
                case LogLine.CUT -> cuts++;
                case LogLine.CHECKPOINT -> lastSigned = line.time();
                default -> {
                    // The others are counted as records only.
                }
            }
        }

        void fault(Path file, long line, String why) {
            fault = new Fault(file, line, why);
        }

        LogReport build(ChainCheck check) {
            Position last = check.position() == null ? Position.START : check.position();
            return new LogReport(check.server(), check.chain(), records, first, last.sequence(), last.hash(), from, to, check.signedUpTo(),
                    lastSigned, starts, cuts, Optional.ofNullable(fault));
        }
    }
}
