package org.pairspan.kms.pairkey;

/**
 * Two members as an unordered pair, in canonical order.
 *
 * @param low  the id that sorts first
 * @param high the other
 */
public record PairId(String low, String high) {

    /** Not allowed in a member id, so that two different pairs never have one text. */
    private static final char SEPARATOR = '~';

    /** Refuses ids out of order, equal, empty, or with the separator in them. */
    public PairId {
        if (low.isEmpty() || low.compareTo(high) >= 0 || low.indexOf(SEPARATOR) >= 0 || high.indexOf(SEPARATOR) >= 0) {
            throw new IllegalArgumentException("not a pair in canonical order: \"" + low + "\", \"" + high + '"');
        }
    }

    /** The pair of two different members, named in either order. */
    public static PairId of(String one, String other) {
        return one.compareTo(other) < 0 ? new PairId(one, other) : new PairId(other, one);
    }

    /** The pair of an {@link #entityId()}. */
    public static PairId parse(String entityId) {
        int separator = entityId.indexOf(SEPARATOR);
        if (separator < 0) {
            throw new IllegalArgumentException("not the id of a pair: \"" + entityId + '"');
        }
        return new PairId(entityId.substring(0, separator), entityId.substring(separator + 1));
    }

    /** The id of this pair's entities, {@code low~high}. */
    public String entityId() {
        return low + SEPARATOR + high;
    }

    /** Whether the member is one of the two. */
    public boolean has(String member) {
        return low.equals(member) || high.equals(member);
    }

    @Override
    public String toString() {
        return entityId();
    }
}
