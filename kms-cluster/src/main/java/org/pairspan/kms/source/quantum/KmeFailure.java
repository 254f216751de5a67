package org.pairspan.kms.source.quantum;

/** Why an answer of the KME was not used, or did not come. */
public enum KmeFailure {
    /** No connection: nobody there, or it broke off. */
    CONNECTION,
    /** One of the two certificates was refused, or no common TLS was found. */
    TLS,
    /** No answer in time. */
    TIMEOUT,
    /** Status 400: the KME does not like the question. */
    BAD_REQUEST,
    /** Status 401: the KME does not know this service, or not for this slave SAE. */
    UNAUTHORIZED,
    /** Status 503: the KME has no keys, or fails. */
    UNAVAILABLE,
    /** A redirect; none is followed. */
    REDIRECT,
    /** Any other status. */
    STATUS,
    /** The answer is longer than allowed. */
    TOO_LARGE,
    /** The answer is not a key container in JSON. */
    MALFORMED,
    /** More keys than asked for. */
    TOO_MANY,
    /** A key of another length than asked for. */
    WRONG_LENGTH,
    /** A key, or the ID of one, that this KME gave before. */
    REPEATED,
    /** A key of one byte all over. */
    WORTHLESS
}
