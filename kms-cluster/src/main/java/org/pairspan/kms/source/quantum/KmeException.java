package org.pairspan.kms.source.quantum;

/** A question to the KME that gave no keys. The message is for an operator. */
final class KmeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final KmeFailure failure;

    KmeException(KmeFailure failure, String message) {
        this(failure, message, null);
    }

    KmeException(KmeFailure failure, String message, Throwable cause) {
        super(message, cause);
        this.failure = failure;
    }

    KmeFailure failure() {
        return failure;
    }
}
