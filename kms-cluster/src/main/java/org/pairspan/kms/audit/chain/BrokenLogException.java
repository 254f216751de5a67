package org.pairspan.kms.audit.chain;

/** An audit log that was changed, and that a server must not go on writing. The message says where. */
final class BrokenLogException extends Exception {

    private static final long serialVersionUID = 1L;

    BrokenLogException(String message) {
        super(message);
    }
}
