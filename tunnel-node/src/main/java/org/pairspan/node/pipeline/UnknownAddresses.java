package org.pairspan.node.pipeline;

import java.util.HexFormat;
import org.agrona.collections.Object2LongHashMap;

/** Addresses that, as the key service said, no member owns; each for a while, and never more than a fixed number. Data thread only. */
final class UnknownAddresses {
    private static final int MOST = 4096;
    private static final long ABSENT = Long.MIN_VALUE;

    private final Object2LongHashMap<String> untilNs = new Object2LongHashMap<>(ABSENT);

    /** Remembers an address. At the limit all are forgotten: that costs questions, not memory. */
    void add(byte[] address, long endNs) {
        if (untilNs.size() >= MOST) {
            untilNs.clear();
        }
        untilNs.put(key(address), endNs);
    }

    boolean contains(byte[] address, long nowNs) {
        if (untilNs.isEmpty()) {
            return false;
        }
        String key = key(address);
        long end = untilNs.getValue(key);
        if (end == ABSENT) {
            return false;
        }
        if (nowNs - end >= 0) {
            untilNs.removeKey(key);
            return false;
        }
        return true;
    }

    private static String key(byte[] address) {
        return HexFormat.of().formatHex(address);
    }
}
