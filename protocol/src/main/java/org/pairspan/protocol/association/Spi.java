package org.pairspan.protocol.association;

/**
 * The security parameters index of packets from one member: {@code number << 12 | generation & 0xFFF}.
 *
 * <p>The member number (1 to 1,048,575) is given once by the directory, so at one receiver no two senders meet in one index, and
 * generations of one sender meet only 4,096 apart. The number being at least 1 keeps the index above 255, the range that
 * RFC 4303 section 2.1 reserves, and never 0.
 */
public final class Spi {
    /** The largest member number. */
    public static final int MAX_MEMBER_NUMBER = 0xF_FFFF;

    private static final int GENERATION_BITS = 12;
    private static final int GENERATION_MASK = (1 << GENERATION_BITS) - 1;

    private Spi() {
    }

    /**
     * @param senderNumber 1 to {@link #MAX_MEMBER_NUMBER}.
     * @param generation from 1.
     */
    public static int of(int senderNumber, long generation) {
        if (senderNumber < 1 || senderNumber > MAX_MEMBER_NUMBER) {
            throw new IllegalArgumentException("a member number is 1 to " + MAX_MEMBER_NUMBER + ", not " + senderNumber);
        }
        if (generation < 1) {
            throw new IllegalArgumentException("generations count from 1, not " + generation);
        }
        return senderNumber << GENERATION_BITS | (int) generation & GENERATION_MASK;
    }

    /** The sender's member number: 0, which no member has, to {@link #MAX_MEMBER_NUMBER}. */
    public static int senderNumber(int spi) {
        return spi >>> GENERATION_BITS;
    }
}
