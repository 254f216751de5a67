package org.pairspan.node.pipeline;

/**
 * What has to be known of a packet beside its bytes on the way to a peer, in one {@code int} that queues keep with it.
 *
 * <pre>
 *  31            17 16           1 0
 * |       0        | segment size |C|    C: needs its TCP or UDP checksum
 * </pre>
 */
final class PacketTraits {
    private static final int NEEDS_CHECKSUM = 1;
    private static final int SEGMENT_SIZE_SHIFT = 1;

    private PacketTraits() {
    }

    /**
     * Packs the traits.
     *
     * @param needsChecksum whether the checksum field of plain TCP or UDP holds the pseudo-header's sum only.
     * @param segmentSize   bytes of payload in each segment of a plain TCP super-packet; 0 for one packet.
     */
    static int of(boolean needsChecksum, int segmentSize) {
        return (needsChecksum ? NEEDS_CHECKSUM : 0) | segmentSize << SEGMENT_SIZE_SHIFT;
    }

    static boolean needsChecksum(int traits) {
        return (traits & NEEDS_CHECKSUM) != 0;
    }

    static int segmentSize(int traits) {
        return traits >>> SEGMENT_SIZE_SHIFT;
    }
}
