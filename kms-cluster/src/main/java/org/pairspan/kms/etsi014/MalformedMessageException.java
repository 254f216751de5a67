package org.pairspan.kms.etsi014;

/** Something that is not the message it should be. The text tells what is wrong, for the other end; it quotes nothing. */
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    public MalformedMessageException(String message) {
        super(message);
    }
}
