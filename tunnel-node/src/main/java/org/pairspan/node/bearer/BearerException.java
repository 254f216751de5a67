package org.pairspan.node.bearer;

/** The bearer can't be started; the message says why and what to do. */
public final class BearerException extends RuntimeException {
    BearerException(String message, Throwable cause) {
        super(message, cause);
    }
}
