package org.pairspan.cli.lab;

/** The laboratory could not do what it was asked: a command failed, a process died, a wait ran out. The message says which and shows its output. */
public final class LabException extends RuntimeException {

    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
