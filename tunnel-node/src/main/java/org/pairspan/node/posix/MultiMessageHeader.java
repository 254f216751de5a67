package org.pairspan.node.posix;

/**
 * {@code struct mmsghdr}: a {@link MessageHeader} and what became of it.
 * <pre>
 *   0              56              60              64
 *   | msghdr ...    | octets (u32)  | (unused)      |
 * </pre>
 */
public final class MultiMessageHeader {
    public static final int LENGTH = 64;
    public static final int HEADER_OFFSET = 0;
    /** Octets sent from, or received into, this message. */
    public static final int OCTETS_OFFSET = 56;

    private MultiMessageHeader() {
    }
}
