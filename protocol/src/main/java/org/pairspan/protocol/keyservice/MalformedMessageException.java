package org.pairspan.protocol.keyservice;

/** The other end sent something that breaks the rules of the member link. The message quotes no key material. */
public final class MalformedMessageException extends Exception {
    public MalformedMessageException(String message) {
        super(message);
    }

    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
