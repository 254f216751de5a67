package org.pairspan.protocol.pathmtu;

/**
 * Which size to try next, between one that passes and one that does not: the largest first, then Ethernet's, then halves. Sizes are lengths of
 * IP packets in bytes.
 */
final class SizeSearch {
    /** Nearly every path that carries no more than Ethernet carries this. */
    private static final int ETHERNET = 1500;
    /** ESP packets have lengths of multiples of this, so a finer result would be of no use. */
    private static final int STEP = 4;

    private final int largest;
    /** The smallest size that did not pass, or one more step than the largest allowed. */
    private int tooLarge;
    private boolean largestTried;

    /** @param largest size that is allowed. */
    SizeSearch(int largest) {
        this.largest = largest;
        begin();
    }

    /** Nothing is known to be too large any more. */
    void begin() {
        tooLarge = largest + STEP;
        largestTried = false;
    }

    int next(int passes) {
        if (!largestTried) {
            return largest;
        }
        if (passes < ETHERNET && ETHERNET < tooLarge) {
            return ETHERNET;
        }
        return passes + (tooLarge - passes) / 2 / STEP * STEP;
    }

    void onTooLarge(int size) {
        tooLarge = size;
        largestTried = true;
    }

    /** What counted as too large was only late where it passes after all. */
    void onPassed(int size) {
        if (size >= tooLarge) {
            tooLarge = largest + STEP;
        }
    }

    /** Whether there is nothing left to try. */
    boolean isOver(int passes) {
        return passes >= largest || tooLarge - passes < 2 * STEP;
    }
}
