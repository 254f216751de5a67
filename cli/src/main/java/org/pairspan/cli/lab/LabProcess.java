package org.pairspan.cli.lab;

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
import java.util.function.Predicate;

/**
 * A real process of the laboratory. What it says goes whole to a file and, its newest lines, to a bounded ring;
 * a wait for its readiness ends with the line that was waited for or with the process's death, whichever comes first.
 */
public final class LabProcess implements AutoCloseable {

    private static final int RING = 500;
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** For the kernel to take a killed process away, and for its last words to be read, on a busy machine. */
    private static final Duration GONE_WITHIN = Duration.ofSeconds(30);

    private final String name;
    private final Path log;
    private final Process process;
    private final Deque<String> ring = new ArrayDeque<>();
    private boolean ended;
    private boolean asked;
    private long graceEndsNs;

    private LabProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts a command.
     *
     * @param namespace where it runs; null for the network this JVM sees
     * @param name what it is called in messages, and its file {@code name.log} in {@code logs} (appended to)
     * @throws LabException when it can't be started
     */
    public static LabProcess start(Namespace namespace, String name, Path logs, List<String> command) {
        final List<String> whole = namespace == null ? command : namespace.command(command);
        try {
            Files.createDirectories(logs);
            final Path log = logs.resolve(name + ".log");
            final Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
            process.getOutputStream().close();
            final LabProcess started = new LabProcess(name, log, process);
            Thread.ofPlatform().daemon().name("output-of-" + name).start(started::collect);
            return started;
        } catch (IOException e) {
            throw new LabException("could not start " + name + ": " + e.getMessage(), e);
        }
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** The file with everything it said. */
    public Path log() {
        return log;
    }

    /**
     * Waits until it has said a line that holds {@code text}.
     *
     * @return that line
     * @throws LabException when it died first, with its last lines; or when the time ran out, with a thread dump in its log
     */
    public String awaitLine(String text, Duration limit) {
        return awaitLine(line -> line.contains(text), "\"" + text + "\"", limit);
    }

    private synchronized String awaitLine(Predicate<String> wanted, String what, Duration limit) {
        final long start = System.nanoTime();
        while (true) {
            for (final String line : ring) {
                if (wanted.test(line)) {
                    return line;
                }
            }
            if (ended) {
                throw new LabException(name + " died before it said " + what + ". Its last lines:\n" + tail(30));
            }
            final long left = limit.toNanos() - (System.nanoTime() - start);
            if (left <= 0) {
                dumpThreads();
                throw new LabException(name + " did not say " + what + " within " + limit.toSeconds() + " s; its threads are in "
                    + log + ". Its last lines:\n" + tail(30));
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException("interrupted while waiting for " + name, e);
            }
        }
    }

    /** Waits for the process to end by itself and for all it said. */
    public int awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                dumpThreads();
                throw new LabException(name + " did not end within " + limit.toSeconds() + " s. Its last lines:\n" + tail(30));
            }
            synchronized (this) {
                while (!ended) {
                    wait();
                }
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting for " + name, e);
        }
    }

    /** Its newest lines, each behind its name. */
    public synchronized String tail(int lines) {
        final StringBuilder text = new StringBuilder();
        ring.stream().skip(Math.max(0, ring.size() - lines)).forEach(line -> text.append(name).append("> ").append(line).append('\n'));
        return text.toString();
    }

    /** Those of its newest lines (up to 500) that hold {@code text}. */
    public synchronized List<String> linesWith(String text) {
        return ring.stream().filter(line -> line.contains(text)).toList();
    }

    /** {@code kill -9}, and waits until it is gone. */
    public void kill() {
        // Through the handle: the process's own method would close its output before the last words are read.
        process.toHandle().destroyForcibly();
        awaitEnd(GONE_WITHIN);
    }

    /** Stops it where it stands (SIGSTOP), as a hung machine would. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets a frozen process go on (SIGCONT). */
    public void thaw() {
        signal("CONT");
    }

    /** Lets each of its writes to a file fail, as on a full disk (RLIMIT_FSIZE of 0, so the error is EFBIG). */
    public void fillDisk() {
        Command.succeed("prlimit", "--pid", Long.toString(pid()), "--fsize=0:unlimited");
    }

    /** Asks it to end (SIGTERM) and waits until it has. */
    public void stop(Duration limit) {
        askToEnd();
        awaitEnd(limit);
    }

    /** Asks it to end (SIGTERM) and does not wait. */
    public void askToEnd() {
        if (!asked) {
            asked = true;
            graceEndsNs = System.nanoTime() + GRACE.toNanos();
            process.toHandle().destroy();
        }
    }

    /** Asks it to end (SIGTERM); kills it when it has not five seconds after it was first asked. */
    @Override
    public void close() {
        if (!process.isAlive()) {
            return;
        }
        askToEnd();
        try {
            if (!process.waitFor(graceEndsNs - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                process.toHandle().destroyForcibly();
                process.waitFor();
            }
        } catch (InterruptedException e) {
            process.toHandle().destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String signal) {
        Command.succeed("kill", "-" + signal, Long.toString(pid()));
    }

    /** SIGQUIT makes a JVM write its threads to its output; here that is its log. */
    private void dumpThreads() {
        if (process.isAlive()) {
            signal("QUIT");
        }
    }

    private void collect() {
        try (BufferedReader reader = process.inputReader(); Writer file = Files.newBufferedWriter(log,
            StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                file.write(line);
                file.write('\n');
                file.flush();
                keep(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not keep what " + name + " said", e);
        } finally {
            end();
        }
    }

    private synchronized void keep(String line) {
        if (ring.size() == RING) {
            ring.removeFirst();
        }
        ring.addLast(line);
        notifyAll();
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    public String toString() {
        return name + " (process " + pid() + ")";
    }
}
