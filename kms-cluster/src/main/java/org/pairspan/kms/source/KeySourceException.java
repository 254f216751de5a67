package org.pairspan.kms.source;

/** No key can be had from a source now; the message says for an operator which source, and why. */
public final class KeySourceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KeySourceException(String message) {
        super(message);
    }

    public KeySourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
