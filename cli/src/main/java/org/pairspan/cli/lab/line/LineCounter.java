package org.pairspan.cli.lab.line;

/** What a line counts, for each direction. */
public enum LineCounter {
    /** Frames that came. */
    ARRIVED,
    /** Frames that went out at the other end, the second ones of duplicates included. */
    DELIVERED,
    /** Lost at random, as asked. */
    LOST,
    /** Lost because the line's buffer was full. */
    OVERFLOWED,
    /** Lost because they were larger than the line's MTU. */
    TOO_LARGE,
    /** Delivered twice, as asked. */
    DUPLICATED,
    /** Held back, as asked. */
    REORDERED,
    /** Lost because this program had no memory for them; not a property of the line, so a proof needs 0 here. */
    NO_ROOM,
    /** Not taken by the kernel at the other end; a proof needs 0 here. */
    REFUSED,
    /** Lost in the kernel before this program could read them; a proof needs 0 here. */
    MISSED
}
