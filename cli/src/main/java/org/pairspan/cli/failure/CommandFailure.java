package org.pairspan.cli.failure;

/** A command cannot do what it was asked; the message is the whole explanation, for the person who typed it. */
public class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CommandFailure(String message) {
        super(message);
    }

    public CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
