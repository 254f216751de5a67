package org.pairspan.kms.endpoint;

/** A frame from a member that breaks the rules of the member link. The message goes back to the member. */
final class MalformedFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedFrameException(String message) {
        super(message);
    }

    MalformedFrameException(String message, Throwable cause) {
        super(message, cause);
    }
}
