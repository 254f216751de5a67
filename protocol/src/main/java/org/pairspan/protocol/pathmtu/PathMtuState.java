package org.pairspan.protocol.pathmtu;

/** The states of RFC 8899 section 5.2. */
public enum PathMtuState {
    /** The range has one size only: it is used, and nothing is probed. */
    DISABLED,
    /** The base size is in use and is being confirmed. */
    BASE,
    /** The base size passes; larger ones are being tried. */
    SEARCHING,
    /** The largest size that passes is in use, and is confirmed now and then. */
    SEARCH_COMPLETE,
    /** The peer is reached but not with the base size: the smallest size is in use, and the base size is tried again. */
    ERROR;

    /** Whether the size in use is what the path is known, or was said, to carry; hosts may be told of it. */
    public boolean isSettled() {
        return this == DISABLED || this == SEARCH_COMPLETE;
    }
}
