package org.pairspan.kms.enrolment;

/** Enrolment at a key server. */
public interface EnrolmentMXBean {

    /**
     * Makes a token with which one member can get one certificate, once.
     *
     * @param operator     who asks for it
     * @param memberId     the member's id
     * @param prefixes     what the member may register, such as {@code 10.1.0.0/16}; none for a member that only asks
     * @param validSeconds how long the token is valid, 60 s to 30 days
     * @return the token; it is stored nowhere, and cannot be shown again
     * @throws IllegalArgumentException where an argument is wrong, or no certificate could be had, or no node registered, with these prefixes
     * @throws IllegalStateException    where it cannot be made now, or the member is revoked
     */
    String issueToken(String operator, String memberId, String[] prefixes, long validSeconds);

    /** Where members ask. */
    String getAddress();

    /** Tokens made by this server since its start. */
    long getTokensIssued();

    /** Certificates issued since its start, first ones and renewals. */
    long getCertificatesIssued();

    /** Requests refused. */
    long getRefusals();

    /** Connections that ended without an answer, and requests answered with "ask again". */
    long getFailures();

    /** Connections that could not be taken, for want of descriptors: the port then pauses, up to a second each time. */
    long getFailedAccepts();

    /** Connections closed unheard: too many at once, or too often from one address, of IPv6 from one /64. */
    long getTurnedAway();
}
