package org.pairspan.node.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.pairspan.node.classify.IpPacket;
import org.pairspan.protocol.address.IpPrefix;

/** The compiled rules against the plainest reading of the same rules, over rules and packets made at random. */
class PolicyMatchingTest {
    private static final List<String> PEERS = List.of("site-b", "site-c", "site-d");
    private static final int MOST_EXTENSIONS = 8;
    private static final int POLICIES = 400;
    private static final int PACKETS = 60;

    @RepeatedTest(3)
    void compiledRulesDecideAsThePlainestReadingDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < POLICIES; i++) {
            List<Rule> rules = several(random, 6, () -> randomRule(random));
            SecurityPolicy policy = new SecurityPolicy(rules);
            for (int j = 0; j < PACKETS; j++) {
                TestPacket packet = TestPacket.random(random);
                String peer = PEERS.get(random.nextInt(PEERS.size()));
                boolean outbound = random.nextBoolean();
                UnsafeBuffer bytes = packet.bytes();
                int decided = policy.of(peer).match(bytes, TestPacket.OFFSET, bytes.capacity() - TestPacket.OFFSET, outbound);
                assertEquals(naive(rules, peer, packet, outbound), decided,
                        () -> "seed " + seed + ": " + packet + " of " + peer + ", outbound " + outbound + ", by " + rules);
            }
        }
    }

    @Test
    void whateverPassesForAnIpPacketIsMatchedWithoutReadingOutsideIt() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        PeerPolicy policy = new SecurityPolicy(List.of(SecurityPolicyTest.rule("x", Rule.Action.PROTECT, "", "", "", "tcp", "80", "80")))
                .of("site-b");
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = new byte[20 + random.nextInt(100)];
            random.nextBytes(bytes);
            bytes[0] = (byte) (random.nextBoolean() ? 0x45 + random.nextInt(3) : 0x60);
            bytes[6] = (byte) new int[] {0, 43, 44, 60, 6}[random.nextInt(5)];
            // The checked buffer throws where anything outside is read.
            UnsafeBuffer exact = new UnsafeBuffer(bytes);
            if (IpPacket.fault(exact, 0, bytes.length) == null) {
                policy.match(exact, 0, bytes.length, random.nextBoolean());
            }
        }
    }

    private static int naive(List<Rule> rules, String peer, TestPacket packet, boolean outbound) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            boolean about = rule.peers().isEmpty() || rule.peers().contains(peer);
            if (!about || !holds(rule.local(), outbound ? packet.source() : packet.destination())
                    || !holds(rule.remote(), outbound ? packet.destination() : packet.source())) {
                continue;
            }
            if (!rule.protocol().equals(UpperProtocol.ANY)) {
                if (!readable(packet)) {
                    return SecurityPolicy.DISCARD;
                }
                if (!meansUpper(rule, packet, outbound)) {
                    continue;
                }
            }
            return rule.action() == Rule.Action.PROTECT ? i : SecurityPolicy.DISCARD;
        }
        return SecurityPolicy.DISCARD;
    }

    private static boolean holds(List<IpPrefix> prefixes, byte[] address) {
        return prefixes.isEmpty() || prefixes.stream().anyMatch(prefix -> prefix.contains(address));
    }

    private static boolean readable(TestPacket packet) {
        int headers = packet.extensions() + (packet.isIpv4() || packet.firstPart() ? 0 : 1);
        boolean cutShort = packet.cutShort() && packet.extensions() > 0;
        return headers <= MOST_EXTENSIONS && !cutShort;
    }

    private static boolean meansUpper(Rule rule, TestPacket packet, boolean outbound) {
        if (packet.protocol() != (packet.isIpv4() ? rule.protocol().ipv4() : rule.protocol().ipv6())) {
            return false;
        }
        if (rule.localPorts().isEmpty() && rule.remotePorts().isEmpty()) {
            return true;
        }
        return packet.firstPart() && holdsPort(rule.localPorts(), packet.ports()[outbound ? 0 : 1])
                && holdsPort(rule.remotePorts(), packet.ports()[outbound ? 1 : 0]);
    }

    private static boolean holdsPort(List<PortRange> ranges, int port) {
        return ranges.isEmpty() || ranges.stream().anyMatch(range -> range.from() <= port && port <= range.to());
    }

    private static Rule randomRule(Random random) {
        UpperProtocol protocol = UpperProtocol.parse(List.of("any", "any", "tcp", "udp", "icmp", "47", "132").get(random.nextInt(7)));
        int mostRanges = protocol.hasPorts() ? 3 : 1;
        return new Rule("rule", random.nextInt(3) > 0 ? Rule.Action.PROTECT : Rule.Action.DISCARD,
                Set.copyOf(several(random, 3, () -> PEERS.get(random.nextInt(PEERS.size())))),
                several(random, 4, () -> randomPrefix(random)), several(random, 4, () -> randomPrefix(random)), protocol,
                several(random, mostRanges, () -> randomPorts(random)), several(random, mostRanges, () -> randomPorts(random)),
                Optional.of(TrafficClass.DATAGRAM));
    }

    private static IpPrefix randomPrefix(Random random) {
        boolean ipv4 = random.nextBoolean();
        byte[] address = TestPacket.address(random, ipv4);
        int[] lengths = {0, 8, 14, 16, address.length * 8 - 1, address.length * 8};
        int length = lengths[random.nextInt(lengths.length)];
        for (int bit = length; bit < address.length * 8; bit++) {
            address[bit / 8] &= (byte) ~(0x80 >>> bit % 8);
        }
        return IpPrefix.ofBytes(address, length);
    }

    private static PortRange randomPorts(Random random) {
        int from = random.nextInt(8);
        return new PortRange(from, from + random.nextInt(4));
    }

    /** Fewer than {@code limit}, often none. */
    private static <T> List<T> several(Random random, int limit, Supplier<T> one) {
        return new ArrayList<>(Stream.generate(one).limit(random.nextInt(limit)).toList());
    }
}
