package org.pairspan.protocol.association;

/**
 * The security parameters index of packets from one member:
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *  |       Member number of the sender     |  Gen.   |    Epoch    |
 *  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>20 bits of member number, the low 5 bits of the generation, 7 bits of epoch. The member number (1 to 1,048,575) is given once by the
 * directory, so at one receiver no two senders meet in one index. Generations of one sender meet only 32 apart; the key service numbers
 * successive ones so that they differ in these bits. The number being at least 1 keeps the index above 255, the range that RFC 4303
 * section 2.1 reserves, and never 0.
 */
public final class Spi {
    /** The largest member number. */
    public static final int MAX_MEMBER_NUMBER = 0xF_FFFF;
    /** The epoch of the keys that a generation begins with. */
    public static final int BOOTSTRAP_EPOCH = 0;
    /** The last epoch of a generation. */
    public static final int MAX_EPOCH = 127;

    private static final int GENERATION_BITS = 5;
    private static final int GENERATION_MASK = (1 << GENERATION_BITS) - 1;
    private static final int EPOCH_BITS = 7;
    private static final int MEMBER_SHIFT = GENERATION_BITS + EPOCH_BITS;

    private Spi() {
    }

    /** The index of a generation's bootstrap keys, epoch 0. */
    public static int of(int senderNumber, long generation) {
        return of(senderNumber, generation, BOOTSTRAP_EPOCH);
    }

    /**
     * @param senderNumber 1 to {@link #MAX_MEMBER_NUMBER}.
     * @param generation from 1.
     * @param epoch 0 to {@link #MAX_EPOCH}.
     */
    public static int of(int senderNumber, long generation, int epoch) {
        if (senderNumber < 1 || senderNumber > MAX_MEMBER_NUMBER) {
            throw new IllegalArgumentException("a member number is 1 to " + MAX_MEMBER_NUMBER + ", not " + senderNumber);
        }
        if (generation < 1) {
            throw new IllegalArgumentException("generations count from 1, not " + generation);
        }
        if (epoch < BOOTSTRAP_EPOCH || epoch > MAX_EPOCH) {
            throw new IllegalArgumentException("an epoch is " + BOOTSTRAP_EPOCH + " to " + MAX_EPOCH + ", not " + epoch);
        }
        return senderNumber << MEMBER_SHIFT | ((int) generation & GENERATION_MASK) << EPOCH_BITS | epoch;
    }

    /** The sender's member number: 0, which no member has, to {@link #MAX_MEMBER_NUMBER}. */
    public static int senderNumber(int spi) {
        return spi >>> MEMBER_SHIFT;
    }

    /** The epoch, 0 to {@link #MAX_EPOCH}. */
    public static int epoch(int spi) {
        return spi & MAX_EPOCH;
    }

    /** Whether an index of a sender belongs to this generation, or to one a multiple of 32 away. */
    public static boolean isOfGeneration(int spi, long generation) {
        return (spi >>> EPOCH_BITS & GENERATION_MASK) == ((int) generation & GENERATION_MASK);
    }
}
