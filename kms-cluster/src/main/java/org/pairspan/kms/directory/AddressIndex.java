package org.pairspan.kms.directory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.pairspan.protocol.address.IpPrefix;

/**
 * Longest-prefix lookup from addresses to members. Prefixes of different members never overlap; one member's may lie inside each
 * other. Used by one thread.
 */
public final class AddressIndex {

    private final NavigableMap<IpPrefix, String> owners = new TreeMap<>();
    /** How many prefixes there are of each length, so that a lookup tries only lengths in use; by family. */
    private final Map<Boolean, NavigableMap<Integer, Integer>> lengths = new HashMap<>();

    /** The prefixes are this member's from now on. */
    public void put(String member, List<IpPrefix> prefixes) {
        for (IpPrefix prefix : prefixes) {
            if (owners.put(prefix, member) == null) {
                lengthsOf(prefix.isIpv4()).merge(prefix.length(), 1, Integer::sum);
            }
        }
    }

    /** The prefixes are this member's no more; those that are another's by now stay so. */
    public void remove(String member, List<IpPrefix> prefixes) {
        for (IpPrefix prefix : prefixes) {
            if (owners.remove(prefix, member)) {
                lengthsOf(prefix.isIpv4()).computeIfPresent(prefix.length(), (length, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    /** The member with the longest prefix that holds the address (4 or 16 bytes). */
    public Optional<String> ownerOf(byte[] address) {
        for (int length : lengthsOf(address.length == IpPrefix.IPV4_OCTETS).descendingKeySet()) {
            String owner = owners.get(IpPrefix.ofBytes(masked(address, length), length));
            if (owner != null) {
                return Optional.of(owner);
            }
        }
        return Optional.empty();
    }

    /** A prefix of another member that overlaps this one. */
    Optional<Map.Entry<IpPrefix, String>> conflict(String member, IpPrefix prefix) {
        for (Map.Entry<IpPrefix, String> entry : owners.tailMap(prefix, true).entrySet()) {
            if (!entry.getKey().overlaps(prefix)) {
                break;
            }
            if (!entry.getValue().equals(member)) {
                return Optional.of(entry);
            }
        }
        for (int length : lengthsOf(prefix.isIpv4()).headMap(prefix.length(), true).keySet()) {
            IpPrefix wider = IpPrefix.ofBytes(masked(prefix.address(), length), length);
            String owner = owners.get(wider);
            if (owner != null && !owner.equals(member)) {
                return Optional.of(Map.entry(wider, owner));
            }
        }
        return Optional.empty();
    }

    private NavigableMap<Integer, Integer> lengthsOf(boolean ipv4) {
        return lengths.computeIfAbsent(ipv4, family -> new TreeMap<>());
    }

    private static byte[] masked(byte[] address, int length) {
        byte[] masked = new byte[address.length];
        int whole = length / Byte.SIZE;
        System.arraycopy(address, 0, masked, 0, whole);
        int rest = length % Byte.SIZE;
        if (rest > 0) {
            masked[whole] = (byte) (address[whole] & 0xFF << Byte.SIZE - rest);
        }
        return masked;
    }
}
