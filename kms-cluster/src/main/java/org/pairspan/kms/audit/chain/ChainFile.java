package org.pairspan.kms.audit.chain;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The chain in its files. A batch of records is appended whole or not at all: where writing fails, the next attempt opens the file anew,
 * takes away what the failed one left, says so in a record, and goes on. Used by one thread.
 */
final class ChainFile implements AutoCloseable {

    private static final int CHAIN_ID_LENGTH = 16;
    private static final String UNANSWERED = "no answer went out for them";
    private static final String NEVER_WRITTEN = "some of them never reached the disk, as after a loss of power";

    private final LogFiles files;
    private final boolean sync;
    private final long rotateSize;
    private final ChainIdentity identity;
    private final InstantSource clock;
    private final AppendFile.Opener opener;

    private AppendFile file;
    private String chain;
    private Position position;
    private long firstSequence;
    private long length;
    private boolean opened;

    ChainFile(Path path, boolean sync, long rotateSize, ChainIdentity identity, InstantSource clock, AppendFile.Opener opener) {
        this.files = new LogFiles(path);
        this.sync = sync;
        this.rotateSize = rotateSize;
        this.identity = identity;
        this.clock = clock;
        this.opener = opener;
    }

    /** One more record for a batch. */
    @FunctionalInterface
    interface Entry {
        LineFormat.Written write(Position before) throws IOException;
    }

    /** A batch under way: nothing of it counts until it is appended. */
    final class Batch {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(8192);
        private Position at = position;

        private Batch() {
        }

        void add(Entry entry) throws IOException {
            LineFormat.Written written = entry.write(at);
            bytes.writeBytes(written.bytes());
            at = written.position();
        }

        /** A record that says which log this is, signed: whoever has the certificate can believe all before it. */
        void addCheckpoint() throws IOException {
            add(before -> LineFormat.writeSigned(before, identity.hash(), generator -> {
                RecordFields.begin(generator, clock.instant(), LogLine.CHECKPOINT, "server " + identity.server());
                generator.writeStringField(LogLine.SERVER, identity.server());
                generator.writeStringField(LogLine.CHAIN, chain);
            }, identity::sign));
        }
    }

    /**
     * A batch to fill, on a file that is ready to take it.
     *
     * @throws IOException where there is none now; the next attempt may find one
     */
    Batch begin() throws IOException, BrokenLogException {
        if (file == null) {
            reopen();
        }
        try {
            file.requireUntouched(length);
            if (length >= rotateSize) {
                rotate();
            }
        } catch (IOException e) {
            giveUp();
            throw e;
        }
        return new Batch();
    }

    /** Appends a batch. When this returns, it is with the operating system, or on the disk where that is asked for. */
    void append(Batch batch) throws IOException {
        try {
            file.write(ByteBuffer.wrap(batch.bytes.toByteArray()), length);
            if (sync) {
                file.force();
            }
        } catch (IOException e) {
            giveUp();
            throw e;
        }
        length += batch.bytes.size();
        position = batch.at;
    }

    /** The next attempt begins with opening: what an error has left behind is known only then. */
    private void giveUp() throws IOException {
        AppendFile failed = file;
        file = null;
        if (failed != null) {
            failed.close();
        }
    }

    private void reopen() throws IOException, BrokenLogException {
        Path path = files.current();
        if (opened && length > 0 && Files.notExists(path)) {
            throw new BrokenLogException(path + " was taken away while it was written");
        }
        Files.createDirectories(path.toAbsolutePath().getParent());
        AppendFile candidate = opener.open(path);
        try {
            Optional<Path> full = files.newestFull();
            if (opened) {
                resume(candidate);
            } else {
                LogState state = LogState.of(candidate, path);
                LogState last = state.isEmpty() && full.isPresent() ? LogState.of(full.get()) : state;
                start(candidate, state, last);
            }
        } catch (IOException | BrokenLogException | RuntimeException e) {
            candidate.close();
            throw e;
        }
    }

    /** The first opening of this run. */
    private void start(AppendFile candidate, LogState state, LogState last) throws IOException, BrokenLogException {
        if (!last.isEmpty() && !last.server().equals(identity.server())) {
            throw new BrokenLogException(files.current() + " is the log of server " + last.server() + ", not of " + identity.server());
        }
        String id = last.isEmpty() ? newChain() : last.chain();
        Position at = last.isEmpty() ? Position.START : last.last();
        String goesOn = last.isEmpty() ? "the first of its chain" : "goes on after record " + at.sequence();
        commitOpening(candidate, id, at, state, LogLine.OPENED, "process " + ProcessHandle.current().pid() + " started; " + goesOn);
        opened = true;
    }

    /** An opening after a failure: the file must hold all that was acknowledged; what is behind it was not. */
    private void resume(AppendFile candidate) throws IOException, BrokenLogException {
        long size = candidate.size();
        if (size < length) {
            throw new BrokenLogException(files.current() + " was cut while it was written: it has " + size + " bytes, where " + length + " were");
        }
        if (length == 0) {
            commitOpening(candidate, chain, position, LogState.NOTHING, LogLine.CONTINUED, "goes on after record " + position.sequence());
            return;
        }
        if (!LogState.endsWith(candidate, length, position)) {
            throw new BrokenLogException(files.current() + " does not hold what was written to it");
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        Position at = position;
        if (size > length) {
            at = cut(size - length, UNANSWERED, at, lines);
            write(candidate, length, lines);
        }
        take(candidate, chain, at, firstSequence, length + lines.size());
    }

    private void rotate() throws IOException {
        Path full = files.full(firstSequence);
        if (Files.exists(full)) {
            throw new IOException(full + " is there already");
        }
        Files.move(files.current(), full, StandardCopyOption.ATOMIC_MOVE);
        length = 0;
        AppendFile old = file;
        file = null;
        old.close();
        AppendFile next = opener.open(files.current());
        try {
            commitOpening(next, chain, position, LogState.NOTHING, LogLine.CONTINUED,
                    "goes on after record " + position.sequence() + " in " + full.getFileName());
        } catch (IOException | RuntimeException e) {
            next.close();
            throw e;
        }
    }

    private void commitOpening(AppendFile candidate, String id, Position before, LogState state, String event, String result)
            throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        LineFormat.Written opening = LineFormat.write(before, identity.hash(), generator -> {
            RecordFields.begin(generator, clock.instant(), event, "server " + identity.server());
            generator.writeStringField("result", result);
            identity.writeOpening(generator, id);
        });
        lines.writeBytes(opening.bytes());
        Position at = opening.position();
        if (state.torn() > 0) {
            at = cut(state.torn(), state.hole() ? NEVER_WRITTEN : UNANSWERED, at, lines);
        }
        write(candidate, state.length(), lines);
        if (sync) {
            AppendFile.forceFolder(files.current());
        }
        take(candidate, id, at, state.isEmpty() ? opening.position().sequence() : state.firstSequence(), state.length() + lines.size());
    }

    /** Writes over what is torn before the rest of it is taken away: whatever happens in between, either it or its record is there. */
    private void write(AppendFile candidate, long at, ByteArrayOutputStream lines) throws IOException {
        candidate.write(ByteBuffer.wrap(lines.toByteArray()), at);
        candidate.truncate(at + lines.size());
        if (sync) {
            candidate.force();
        }
    }

    /** Adds a record of what is taken away because it is no record. */
    private Position cut(long bytes, String why, Position before, ByteArrayOutputStream lines) throws IOException {
        LineFormat.Written record = LineFormat.write(before, identity.hash(), generator -> {
            RecordFields.begin(generator, clock.instant(), LogLine.CUT, "server " + identity.server());
            generator.writeStringField("result", bytes + " bytes after this were of no record that was kept: " + why);
        });
        lines.writeBytes(record.bytes());
        return record.position();
    }

    private void take(AppendFile candidate, String id, Position at, long first, long bytes) {
        file = candidate;
        chain = id;
        position = at;
        firstSequence = first;
        length = bytes;
    }

    private static String newChain() {
        byte[] id = new byte[CHAIN_ID_LENGTH];
        new SecureRandom().nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** Where the chain is; null before the first batch was begun. */
    Position position() {
        return position;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
