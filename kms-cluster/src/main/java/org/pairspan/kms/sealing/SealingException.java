package org.pairspan.kms.sealing;

/** Something that was sealed does not open: another master key, another place, or damage. */
public final class SealingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SealingException(String message, Throwable cause) {
        super(message, cause);
    }

    SealingException(String message) {
        super(message);
    }
}
