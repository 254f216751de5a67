package org.pairspan.node.policy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.agrona.DirectBuffer;
import org.pairspan.protocol.address.IpPrefix;

/** Addresses that a rule asks for: any, or those in a few prefixes. Immutable. */
final class PrefixSet {
    private static final int WORDS = 2;

    private final boolean any;
    /** Network and mask of each IPv4 prefix. */
    private final int[] ipv4;
    /** Upper and lower half of the network, then of the mask, of each IPv6 prefix. */
    private final long[] ipv6;

    /**
     * @param prefixes without any, every address.
     */
    PrefixSet(List<IpPrefix> prefixes) {
        any = prefixes.isEmpty();
        ipv4 = prefixes.stream().filter(IpPrefix::isIpv4)
                .flatMapToInt(prefix -> IntStream.of(ByteBuffer.wrap(prefix.address()).getInt(),
                        (int) leadingOnes(Integer.SIZE + prefix.length())))
                .toArray();
        ipv6 = prefixes.stream().filter(prefix -> !prefix.isIpv4())
                .flatMapToLong(prefix -> {
                    ByteBuffer address = ByteBuffer.wrap(prefix.address());
                    return LongStream.of(address.getLong(), address.getLong(), leadingOnes(prefix.length()),
                            leadingOnes(prefix.length() - Long.SIZE));
                })
                .toArray();
    }

    /** Whether it holds the address whose octets lie at {@code offset}, in network order. */
    boolean holds(DirectBuffer buffer, int offset, boolean isIpv4) {
        return any || (isIpv4 ? holdsIpv4(buffer.getInt(offset, ByteOrder.BIG_ENDIAN))
                : holdsIpv6(buffer.getLong(offset, ByteOrder.BIG_ENDIAN), buffer.getLong(offset + Long.BYTES, ByteOrder.BIG_ENDIAN)));
    }

    private boolean holdsIpv4(int address) {
        for (int i = 0; i < ipv4.length; i += WORDS) {
            if ((address & ipv4[i + 1]) == ipv4[i]) {
                return true;
            }
        }
        return false;
    }

    private boolean holdsIpv6(long high, long low) {
        for (int i = 0; i < ipv6.length; i += 2 * WORDS) {
            if ((high & ipv6[i + 2]) == ipv6[i] && (low & ipv6[i + 3]) == ipv6[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** A word whose first bits are ones; {@code bits} may be any number. */
    private static long leadingOnes(int bits) {
        return bits <= 0 ? 0 : -1L << Math.max(0, Long.SIZE - bits);
    }
}
