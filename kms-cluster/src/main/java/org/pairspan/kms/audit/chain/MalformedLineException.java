package org.pairspan.kms.audit.chain;

/** Bytes in an audit log that are no line of one. The message says why, for a person. */
final class MalformedLineException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedLineException(String message) {
        super(message);
    }

    MalformedLineException(String message, Throwable cause) {
        super(message, cause);
    }
}
