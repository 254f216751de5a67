package org.pairspan.postgres;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One run of a program: what it says goes to a file and, its newest lines, to messages. */
final class ServerProcess {

    private static final int LAST_LINES = 20;

    private final Process process;
    private final Path log;
    private final Deque<String> last = new ArrayDeque<>();
    private final String awaited;
    private boolean said;
    private boolean ended;

    private ServerProcess(Process process, Path log, String awaited) {
        this.process = process;
        this.log = log;
        this.awaited = awaited;
    }

    /** @param awaited part of the line that {@link #awaitLine} waits for */
    static ServerProcess start(List<String> command, Path log, String awaited) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            ServerProcess started = new ServerProcess(process, log, awaited);
            Thread.ofPlatform().daemon().name("postgres output").start(started::collect);
            return started;
        } catch (IOException e) {
            throw new PostgresException("could not run " + String.join(" ", command), e);
        }
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    synchronized void awaitLine(Duration limit) {
        long start = System.nanoTime();
        while (!said) {
            long left = limit.toNanos() - (System.nanoTime() - start);
            if (ended || left <= 0) {
                throw new PostgresException("PostgreSQL did not say \"" + awaited + "\": " + String.join("\n", last));
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PostgresException("interrupted while PostgreSQL starts", e);
            }
        }
    }

    /** The exit code, once its log is closed; null where it has not ended by then. */
    Integer awaitEnd(Duration limit) {
        long start = System.nanoTime();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return null;
            }
            awaitLogClosed(limit.toNanos() - (System.nanoTime() - start));
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted while PostgreSQL stops", e);
        }
    }

    /** The file system of the log may be unmounted next. A process that PostgreSQL left behind may keep it from its end. */
    private synchronized void awaitLogClosed(long limitNs) throws InterruptedException {
        long start = System.nanoTime();
        for (long left = limitNs; !ended && left > 0; left = limitNs - (System.nanoTime() - start)) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** What it said at the end; waits for the end. */
    synchronized String lastLines() {
        while (!ended) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PostgresException("interrupted while PostgreSQL ends", e);
            }
        }
        return String.join("\n", last);
    }

    private void collect() {
        try (BufferedReader reader = process.inputReader();
                Writer file = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                file.write(line);
                file.write('\n');
                file.flush();
                keep(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not keep what PostgreSQL said", e);
        } finally {
            end();
        }
    }

    private synchronized void keep(String line) {
        if (last.size() == LAST_LINES) {
            last.removeFirst();
        }
        last.addLast(line);
        said |= line.contains(awaited);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }
}
