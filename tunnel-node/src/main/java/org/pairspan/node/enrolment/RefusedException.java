package org.pairspan.node.enrolment;

/** A key server will issue no certificate; it tells nobody why, but its audit log. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException() {
        super("the key server refuses");
    }
}
