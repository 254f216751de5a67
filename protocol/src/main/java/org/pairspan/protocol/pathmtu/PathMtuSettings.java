package org.pairspan.protocol.pathmtu;

/**
 * The range in which the path MTU is searched, in bytes of an IP packet.
 *
 * <p>A range of one size is not searched.
 *
 * @param smallest used where not even the base size passes; at least 576.
 * @param base     taken to pass until it is known ({@code BASE_PLPMTU}).
 * @param largest  never exceeded ({@code MAX_PLPMTU}); at most 65,535.
 */
public record PathMtuSettings(int smallest, int base, int largest) {
    /** What every IPv6 path carries (RFC 8200 section 5). */
    public static final int BASE = 1280;

    /** What every host takes over IPv4 (RFC 1122 section 3.3.3). */
    private static final int SMALLEST_IPV4 = 576;
    private static final int LONGEST_PACKET = 0xFFFF;

    /** Checks the ranges. */
    public PathMtuSettings {
        if (smallest < SMALLEST_IPV4 || base < smallest || largest < base || largest > LONGEST_PACKET) {
            throw new IllegalArgumentException("path MTUs of " + smallest + ", " + base + " and " + largest
                + " bytes are not in order between " + SMALLEST_IPV4 + " and " + LONGEST_PACKET);
        }
    }

    /**
     * One size, taken for true.
     *
     * @param size of the largest packet to send, 576 to 65,535.
     */
    public static PathMtuSettings fixed(int size) {
        return new PathMtuSettings(size, size, size);
    }

    /**
     * The range for a path.
     *
     * @param largest allowed, 1,280 to 65,535.
     * @param ipv6    whether the outer packets are IPv6.
     */
    public static PathMtuSettings upTo(int largest, boolean ipv6) {
        return new PathMtuSettings(ipv6 ? BASE : SMALLEST_IPV4, BASE, largest);
    }
}
