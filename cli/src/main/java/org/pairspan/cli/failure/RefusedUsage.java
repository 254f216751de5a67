package org.pairspan.cli.failure;

/** A running program refuses what it was given; how the command is written would not explain it. Exit code 2, as wrong usage. */
public class RefusedUsage extends CommandFailure {
    private static final long serialVersionUID = 1L;

    public RefusedUsage(String message, Throwable cause) {
        super(message, cause);
    }
}
