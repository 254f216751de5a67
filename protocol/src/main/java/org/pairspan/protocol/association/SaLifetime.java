package org.pairspan.protocol.association;

import java.util.concurrent.TimeUnit;

/**
 * Limits of a security association (PS-4). Whichever comes first ends it.
 *
 * @param maxPackets packets under one key, at least 8; also the last sequence number.
 * @param maxBytes payload bytes under one key, at least 8.
 * @param maxAgeNs nanoseconds since the association was made, at least 8.
 */
public record SaLifetime(long maxPackets, long maxBytes, long maxAgeNs) {
    /** 2^32 packets, 4 TiB, 24 hours. */
    public static final SaLifetime DEFAULT = new SaLifetime(1L << 32, 4L << 40, TimeUnit.HOURS.toNanos(24));

    /**
     * When new keys are exchanged though the old could go on: 2^30 packets, 256 GiB, one hour. The hour bounds what a stolen key opens;
     * the bytes are what RFC 8446 section 5.5 allows a key of AES-GCM, rounded down.
     */
    public static final SaLifetime REKEY = new SaLifetime(1L << 30, 256L << 30, TimeUnit.HOURS.toNanos(1));

    /** @throws IllegalArgumentException when a limit is below 8, where the smaller copy would be no smaller. */
    public SaLifetime {
        if (maxPackets < 8 || maxBytes < 8 || maxAgeNs < 8) {
            throw new IllegalArgumentException("each limit of a lifetime is at least 8: " + maxPackets + " packets, " + maxBytes
                + " bytes, " + maxAgeNs + " ns");
        }
    }

    /** The implementation's own, smaller copy: seven eighths of each limit, at which a successor is asked for. */
    public SaLifetime soft() {
        return new SaLifetime(Math.max(8, maxPackets - maxPackets / 8), Math.max(8, maxBytes - maxBytes / 8),
            Math.max(8, maxAgeNs - maxAgeNs / 8));
    }

    /** Whether one of the limits is reached by an association that carried this much and is this old. */
    public boolean reachedBy(long packets, long bytes, long ageNs) {
        return packets >= maxPackets || bytes >= maxBytes || ageNs >= maxAgeNs;
    }
}
