package org.pairspan.kms.audit.chain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a log file holds that was just opened.
 *
 * @param last          its last good record; null where it has none
 * @param server        whose log it is; null where it has no record
 * @param chain         which chain; null where it has no record
 * @param firstSequence number of its first record; 0 where it has none
 * @param length        bytes up to the end of the last good record
 * @param torn          bytes behind it, which are no record
 * @param hole          whether some of these never reached the disk: the file system gives zeros for them
 */
record LogState(Position last, String server, String chain, long firstSequence, long length, long torn, boolean hole) {

    private static final Logger LOG = LoggerFactory.getLogger(LogState.class);

    /** Of the bytes behind the last good record. */
    private static final int MOST_EXAMINED = 1 << 20;

    /** A file without a byte in it. */
    static final LogState NOTHING = new LogState(null, null, null, 0, 0, 0, false);

    /** Whether there is no record. */
    boolean isEmpty() {
        return last == null;
    }

    /** The state of a file that is full. */
    static LogState of(Path full) throws IOException, BrokenLogException {
        try (InputStream in = Files.newInputStream(full)) {
            LogState state = scan(in, Files.size(full));
            if (state.isEmpty() || state.torn() > 0) {
                throw new BrokenLogException(full + " does not end in a whole record, but is no more written to");
            }
            return state;
        }
    }

    /** The state of the file that is written to. */
    static LogState of(AppendFile file, Path path) throws IOException, BrokenLogException {
        LogState state = scan(file.read(), file.size());
        byte[] rest = file.read(state.length(), (int) Math.min(state.torn(), MOST_EXAMINED));
        int written = beforeHole(rest);
        requireNoRecord(Arrays.copyOf(rest, written), state, path);
        return written < rest.length ? state.withHole() : state;
    }

    /** Whether the record that ends at a place in a file is a certain one. */
    static boolean endsWith(AppendFile file, long length, Position position) throws IOException {
        int size = (int) Math.min(length, LineFormat.MAX_LINE);
        byte[] tail = file.read(length - size, size);
        int begin = size - 1;
        while (begin > 0 && tail[begin - 1] != '\n') {
            begin--;
        }
        try {
            LogLine line = LineFormat.read(Arrays.copyOfRange(tail, begin, size - 1));
            return tail[size - 1] == '\n' && line.sequence() == position.sequence() && line.hash().equals(position.hash());
        } catch (MalformedLineException e) {
            LOG.debug("no record ends at {}: {}", length, e.getMessage());
            return false;
        }
    }

    private static LogState scan(InputStream in, long size) throws IOException {
        LineReader reader = new LineReader(in);
        ChainCheck check = new ChainCheck();
        long good = 0;
        long first = 0;
        try {
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                Optional<String> fault = check.accept(LineFormat.read(line));
                if (fault.isPresent()) {
                    break;
                }
                first = first == 0 ? check.position().sequence() : first;
                good = reader.offset();
            }
        } catch (MalformedLineException e) {
            LOG.debug("after {} good bytes: {}", good, e.getMessage());
        }
        return new LogState(check.position(), check.server(), check.chain(), first, good, size - good, false);
    }

    private LogState withHole() {
        return new LogState(last, server, chain, firstSequence, length, torn, true);
    }

    /**
     * How many of the bytes behind the last good record come before the first that never reached the disk. The pages of a file reach the disk
     * in any order: where power fails, zeros stand for those that did not, and no record has a zero in it; behind the first one there may be
     * anything.
     */
    private static int beforeHole(byte[] rest) {
        int bytes = 0;
        while (bytes < rest.length && rest[bytes] != 0) {
            bytes++;
        }
        return bytes;
    }

    /** A crash leaves pieces of records, never whole ones: a whole record that does not fit was changed, or what is before it. */
    private static void requireNoRecord(byte[] torn, LogState state, Path path) throws BrokenLogException {
        int begin = 0;
        for (int i = 0; i < torn.length; i++) {
            if (torn[i] == '\n') {
                requireNotOne(Arrays.copyOfRange(torn, begin, i), state, path);
                begin = i + 1;
            }
        }
    }

    private static void requireNotOne(byte[] line, LogState state, Path path) throws BrokenLogException {
        LogLine record;
        try {
            record = LineFormat.read(line);
        } catch (MalformedLineException e) {
            LOG.debug("torn bytes in {}: {}", path, e.getMessage());
            return;
        }
        throw new BrokenLogException(path + " is broken after record " + (state.isEmpty() ? 0 : state.last().sequence()) + ": " + record
                + " does not fit there. It, or what is before it, was changed");
    }
}
