package org.pairspan.kms.audit;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Locale;

/**
 * What happened: who did it, to whom. Members and addresses may be null where they are not known; version and generation 0 where there is
 * none. Texts longer than {@link #MAX_TEXT} characters are cut when they are written.
 *
 * @param actor  who did it
 * @param member the member it concerns, or the first of the pair
 * @param peer   the other one of the pair
 * @param from   where the actor's connection comes from
 * @param result what came of it, in words; never a key
 */
public record AuditRecord(Instant time, Event event, Actor actor, String member, String peer, int keyVersion, long generation,
        InetSocketAddress from, String result) {

    /** Longest text of one field, characters. */
    public static final int MAX_TEXT = 512;

    /** What is audited. */
    public enum Event {
        /** A member registered, or tried to. */
        REGISTER,
        /** A member asked for a key. */
        KEY_REQUEST,
        /** An association goes to a member unasked, because its peer asked. */
        INSTALL,
        /** A member claimed an id that is not the one in its certificate. */
        IDENTITY_MISMATCH,
        /** A pair has a key that it had not before. */
        KEY_CREATED,
        /** A new version of a pair's key went to a member, not in use yet. */
        KEY_PREPARED,
        /** A version of a pair's key is the one in use. */
        KEY_ACTIVATED,
        /** A version of a pair's key opens nothing any more. */
        KEY_RETIRED,
        /** A prepared version was given up at both members. */
        KEY_ROLLED_BACK,
        /** A member lost its right to keys, for good. */
        MEMBER_REVOKED,
        /** A member got its first certificate for a token. */
        MEMBER_ENROLLED,
        /** A member got a certificate in place of the one it has. */
        CERTIFICATE_RENEWED,
        /** A token for an enrolment was made. */
        ENROLMENT_TOKEN_ISSUED,
        /** A member was told to close what it shares with a peer, because the policy does not let them talk any more. */
        ASSOCIATION_WITHDRAWN,
        /** Who may talk to whom, and how, was changed. */
        POLICY_CHANGED,
        /** The service got its master key. */
        UNSEALED,
        /** The service forgot its master key. */
        SEALED,
        /** The master key, or a key of the ring under it, was changed. */
        MASTER_KEY_ROTATED,
        /** A key went out over ETSI GS QKD 014. */
        KEY_DELIVERED,
        /** Another act of an operator. */
        ADMINISTRATION;

        /** As it stands in the log: {@code key-request}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What a member did itself. */
    public AuditRecord(Instant time, Event event, String member, String peer, int keyVersion, long generation, InetSocketAddress from,
            String result) {
        this(time, event, member == null ? Actor.stranger() : Actor.member(member), member, peer, keyVersion, generation, from, result);
    }
}
