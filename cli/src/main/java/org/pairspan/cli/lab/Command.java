package org.pairspan.cli.lab;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A short command run to its end. Standard error is read together with standard output.
 *
 * @param exitCode the exit code; 0 is success
 * @param output everything it wrote, as UTF-8
 */
public record Command(int exitCode, String output) {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /**
     * Runs a command and returns what became of it.
     *
     * @throws LabException when it can't be started or has not ended after twenty seconds (it is killed then)
     */
    public static Command run(List<String> command) {
        return run(command, "");
    }

    /**
     * Runs a command that must succeed.
     *
     * @return its output
     * @throws LabException with the output, when it ends with another code than 0
     */
    public static String succeed(String... command) {
        return succeed(List.of(command), "");
    }

    /** As {@link #succeed(String...)}, with text on its standard input. */
    static String succeed(List<String> command, String input) {
        final Command done = run(command, input);
        if (done.exitCode != 0) {
            throw new LabException(String.join(" ", command) + " ended with code " + done.exitCode + ": " + done.output.strip());
        }
        return done.output;
    }

    private static Command run(List<String> command, String input) {
        try {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            final Thread watchdog = Thread.ofVirtual().start(() -> killAtLimit(process));
            try (InputStream stdout = process.getInputStream()) {
                try (OutputStream stdin = process.getOutputStream()) {
                    stdin.write(input.getBytes(StandardCharsets.UTF_8));
                }
                final String output = new String(stdout.readAllBytes(), StandardCharsets.UTF_8);
                return new Command(process.waitFor(), output);
            } finally {
                watchdog.interrupt();
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new LabException("could not run " + String.join(" ", command) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while running " + String.join(" ", command), e);
        }
    }

    private static void killAtLimit(Process process) {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
