package org.pairspan.node.classify;

import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.SortedMap;
import org.agrona.DirectBuffer;
import org.pairspan.protocol.address.IpPrefix;

/**
 * Longest-prefix match for one address family, immutable. Nested prefixes are flattened into adjoining ranges, each with the value
 * of the innermost prefix there; a look-up is one binary search for the range that holds the address.
 *
 * <p>An address is an unsigned number of 128 bits in two words; an IPv4 address fills the lower half of the lower word.
 */
final class AddressRanges {
    private final boolean ipv4;
    private final long[] startHigh;
    private final long[] startLow;
    private final int[] values;

    private AddressRanges(boolean ipv4, long[] startHigh, long[] startLow, int[] values) {
        this.ipv4 = ipv4;
        this.startHigh = startHigh;
        this.startLow = startLow;
        this.values = values;
    }

    /**
     * @param prefixes in their natural order, in which a prefix stands before those it contains; others than of the family are
     *     passed over
     * @param none the value of every address in no prefix
     */
    static AddressRanges of(boolean ipv4, SortedMap<IpPrefix, Integer> prefixes, int none) {
        Builder builder = new Builder(ipv4, 2 * prefixes.size() + 1, none);
        for (Map.Entry<IpPrefix, Integer> entry : prefixes.entrySet()) {
            if (entry.getKey().isIpv4() == ipv4) {
                builder.add(entry.getKey(), entry.getValue());
            }
        }
        return builder.build();
    }

    /** The value for the address whose octets lie at {@code offset}, in network order. */
    int find(DirectBuffer buffer, int offset) {
        return ipv4
            ? find(0, buffer.getInt(offset, ByteOrder.BIG_ENDIAN) & 0xFFFFFFFFL)
            : find(buffer.getLong(offset, ByteOrder.BIG_ENDIAN), buffer.getLong(offset + Long.BYTES, ByteOrder.BIG_ENDIAN));
    }

    private int find(long high, long low) {
        // The first range starts at address 0, so there is always one that starts at or before the address.
        int from = 0;
        int to = values.length - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (compare(startHigh[middle], startLow[middle], high, low) <= 0) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        return values[from];
    }

    private static int compare(long high, long low, long otherHigh, long otherLow) {
        return high != otherHigh ? Long.compareUnsigned(high, otherHigh) : Long.compareUnsigned(low, otherLow);
    }

    /** A prefix that is still open where the builder stands. */
    private record Open(long lastHigh, long lastLow, int value) {
    }

    private static final class Builder {
        private final boolean ipv4;
        private final int none;
        private final long[] startHigh;
        private final long[] startLow;
        private final int[] values;
        private final Deque<Open> open = new ArrayDeque<>();
        private int size;

        Builder(boolean ipv4, int mostRanges, int none) {
            this.ipv4 = ipv4;
            this.none = none;
            this.startHigh = new long[mostRanges];
            this.startLow = new long[mostRanges];
            this.values = new int[mostRanges];
            begin(0, 0, none);
        }

        void add(IpPrefix prefix, int value) {
            byte[] address = prefix.address();
            long high = ipv4 ? 0 : word(address, 0);
            long low = ipv4 ? word(address, 0) >>> Integer.SIZE : word(address, Long.BYTES);
            int hostBits = address.length * Byte.SIZE - prefix.length();
            closeBefore(high, low);
            begin(high, low, value);
            open.push(new Open(high | ones(hostBits - Long.SIZE), low | ones(hostBits), value));
        }

        AddressRanges build() {
            while (!open.isEmpty()) {
                close();
            }
            return new AddressRanges(
                ipv4, Arrays.copyOf(startHigh, size), Arrays.copyOf(startLow, size), Arrays.copyOf(values, size));
        }

        private void closeBefore(long high, long low) {
            while (!open.isEmpty() && compare(open.peek().lastHigh(), open.peek().lastLow(), high, low) < 0) {
                close();
            }
        }

        /** After the innermost open prefix, the one around it goes on. */
        private void close() {
            Open closed = open.pop();
            long low = closed.lastLow() + 1;
            long high = low == 0 ? closed.lastHigh() + 1 : closed.lastHigh();
            if (high != 0 || low != 0) {
                begin(high, low, open.isEmpty() ? none : open.peek().value());
            }
        }

        private void begin(long high, long low, int value) {
            if (size > 0 && startHigh[size - 1] == high && startLow[size - 1] == low) {
                values[size - 1] = value;
                return;
            }
            startHigh[size] = high;
            startLow[size] = low;
            values[size] = value;
            size++;
        }

        private static long ones(int bits) {
            return bits <= 0 ? 0 : -1L >>> Math.max(0, Long.SIZE - bits);
        }

        private static long word(byte[] octets, int from) {
            long word = 0;
            for (int i = from; i < from + Long.BYTES; i++) {
                word = word << Byte.SIZE | (i < octets.length ? octets[i] & 0xFF : 0);
            }
            return word;
        }
    }
}
