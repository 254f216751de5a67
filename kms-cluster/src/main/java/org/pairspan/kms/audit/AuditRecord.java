package org.pairspan.kms.audit;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * What happened, to whom. Members and addresses may be null where they are not known; version and generation 0 where there is none.
 *
 * @param from where the member's connection comes from
 */
public record AuditRecord(Instant time, Event event, String member, String peer, int keyVersion, long generation,
        InetSocketAddress from, String result) {

    /** What is audited. */
    public enum Event {
        /** A member registered, or tried to. */
        REGISTER,
        /** A member asked for a key. */
        KEY_REQUEST,
        /** An association goes to a member unasked, because its peer asked. */
        INSTALL,
        /** A member claimed an id that is not the one in its certificate. */
        IDENTITY_MISMATCH
    }
}
