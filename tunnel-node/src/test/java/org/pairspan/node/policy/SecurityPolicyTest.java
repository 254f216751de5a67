package org.pairspan.node.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pairspan.protocol.address.IpPrefix;

class SecurityPolicyTest {
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    static Rule rule(String name, Rule.Action action, String peers, String local, String remote, String protocol, String localPorts,
            String remotePorts) {
        return new Rule(name, action, Set.of(words(peers)), prefixes(local), prefixes(remote), UpperProtocol.parse(protocol),
                ports(localPorts), ports(remotePorts), Optional.of(TrafficClass.DATAGRAM));
    }

    private static String[] words(String text) {
        return text.isBlank() ? new String[0] : text.split(" ");
    }

    private static List<IpPrefix> prefixes(String text) {
        return Arrays.stream(words(text)).map(IpPrefix::parse).toList();
    }

    private static List<PortRange> ports(String text) {
        return Arrays.stream(words(text)).map(PortRange::parse).toList();
    }

    private static Rule protect(String name, String peers, String local, String remote, String protocol, String localPorts,
            String remotePorts) {
        return rule(name, Rule.Action.PROTECT, peers, local, remote, protocol, localPorts, remotePorts);
    }

    private static int match(SecurityPolicy policy, String peer, TestPacket packet, boolean outbound) {
        UnsafeBuffer buffer = packet.bytes();
        return policy.of(peer).match(buffer, TestPacket.OFFSET, buffer.capacity() - TestPacket.OFFSET, outbound);
    }

    private static final SecurityPolicy POLICY = new SecurityPolicy(List.of(
            protect("web", "site-b", "10.1.5.0/24", "10.2.0.0/16", "tcp", "80 8000-8999", ""),
            rule("no-ssh", Rule.Action.DISCARD, "", "", "", "tcp", "22", ""),
            protect("out-to-dns", "site-b site-c", "", "10.2.0.53 2001:db8:2::53", "udp", "", "53"),
            protect("ping", "", "", "", "icmp", "", ""),
            protect("gre", "site-c", "", "", "47", "", ""),
            protect("lab", "site-b", "10.1.9.0/24 2001:db8:1:9::/64", "", "any", "", "")));

    @ParameterizedTest(name = "{0}: {1}:{2} to {3}:{4}, protocol {5}, outbound {6}")
    @CsvSource({
        "site-b, 10.1.5.7,         80,    10.2.0.9,        40000, 6,  true,  0",
        "site-b, 10.1.5.7,         8000,  10.2.0.9,        40000, 6,  true,  0",
        "site-b, 10.1.5.7,         8999,  10.2.0.9,        40000, 6,  true,  0",
        "site-b, 10.1.5.7,         9000,  10.2.0.9,        40000, 6,  true,  -1",
        "site-b, 10.1.5.7,         7999,  10.2.0.9,        40000, 6,  true,  -1",
        "site-b, 10.2.0.9,         40000, 10.1.5.7,        80,    6,  false, 0",
        "site-b, 10.2.0.9,         80,    10.1.5.7,        40000, 6,  false, -1",
        "site-b, 10.1.6.7,         80,    10.2.0.9,        40000, 6,  true,  -1",
        "site-b, 10.1.5.7,         80,    10.3.0.9,        40000, 6,  true,  -1",
        "site-b, 10.1.5.7,         80,    10.2.0.9,        40000, 17, true,  -1",
        "site-c, 10.1.5.7,         80,    10.2.0.9,        40000, 6,  true,  -1",
        "site-b, 10.1.9.7,         22,    10.2.0.9,        40000, 6,  true,  -1",
        "site-b, 10.1.9.7,         23,    10.2.0.9,        40000, 6,  true,  5",
        "site-b, 10.2.0.9,         40000, 10.1.9.7,        22,    6,  false, -1",
        "site-b, 10.1.1.1,         5353,  10.2.0.53,       53,    17, true,  2",
        "site-c, 10.1.1.1,         5353,  10.2.0.53,       53,    17, true,  2",
        "site-d, 10.1.1.1,         5353,  10.2.0.53,       53,    17, true,  -1",
        "site-b, 10.1.1.1,         5353,  10.2.0.54,       53,    17, true,  -1",
        "site-b, 2001:db8:1::1,    5353,  2001:db8:2::53,  53,    17, true,  2",
        "site-b, 2001:db8:2::53,   53,    2001:db8:1::1,   5353,  17, false, 2",
        "site-d, 10.1.1.1,         0,     10.2.0.54,       0,     1,  true,  3",
        "site-d, 2001:db8:1::1,    0,     2001:db8:2::1,   0,     58, true,  3",
        "site-d, 10.1.1.1,         0,     10.2.0.54,       0,     58, true,  -1",
        "site-d, 2001:db8:1::1,    0,     2001:db8:2::1,   0,     1,  true,  -1",
        "site-c, 10.1.1.1,         0,     10.2.0.54,       0,     47, true,  4",
        "site-b, 10.1.1.1,         0,     10.2.0.54,       0,     47, true,  -1",
        "site-b, 2001:db8:1:9::1,  1,     2001:db8:2::1,   1,     47, true,  5",
        "site-b, 2001:db8:1:a::1,  1,     2001:db8:2::1,   1,     47, true,  -1",
    })
    void theFirstRuleThatMeansAPacketDecides(String peer, String source, int sourcePort, String destination, int destinationPort,
            int protocol, boolean outbound, int expected) {
        assertEquals(expected, match(POLICY, peer, TestPacket.of(source, destination, protocol, sourcePort, destinationPort), outbound));
    }

    @Test
    void withoutARuleEverythingIsDiscarded() {
        SecurityPolicy closed = new SecurityPolicy(List.of());
        assertEquals(SecurityPolicy.DISCARD, match(closed, "site-b", TestPacket.of("10.1.0.1", "10.2.0.1", TCP, 1, 1), true));
        SecurityPolicy onlyC = new SecurityPolicy(List.of(protect("c", "site-c", "", "", "any", "", "")));
        assertEquals(SecurityPolicy.DISCARD, match(onlyC, "site-b", TestPacket.of("10.1.0.1", "10.2.0.1", TCP, 1, 1), false));
    }

    @Test
    void aRuleForEverythingMeansWhatCannotBeReadToo() {
        SecurityPolicy open = new SecurityPolicy(List.of(protect("everything", "", "", "", "any", "", "")));
        assertEquals(0, match(open, "site-b", TestPacket.of("2001:db8::1", "2001:db8::2", UDP, 1, 1).extended(20), true));
        assertTrue(open.rule(0).isLast());
        assertFalse(POLICY.rule(5).isLast());
    }

    @Test
    void aLaterFragmentIsMeantOnlyByRulesThatAskForNoPorts() {
        SecurityPolicy policy = new SecurityPolicy(List.of(
                protect("port", "", "", "", "udp", "", "53"), protect("any udp", "", "10.1.7.0/24", "", "udp", "", "")));
        for (String source : List.of("10.1.7.1", "10.1.8.1")) {
            TestPacket packet = TestPacket.of(source, "10.2.0.1", UDP, 1, 53);
            assertEquals(0, match(policy, "b", packet, true));
            assertEquals(source.equals("10.1.7.1") ? 1 : SecurityPolicy.DISCARD, match(policy, "b", packet.fragment(), true));
        }
        TestPacket six = TestPacket.of("2001:db8::1", "2001:db8::2", UDP, 1, 53);
        assertEquals(0, match(policy, "b", six, true));
        assertEquals(SecurityPolicy.DISCARD, match(policy, "b", six.fragment(), true));
    }

    @Test
    void extensionHeadersAreReadUntilTheyAreTooManyOrCutShort() {
        SecurityPolicy policy = new SecurityPolicy(List.of(rule("no-ssh", Rule.Action.DISCARD, "", "", "", "tcp", "", "22"),
                protect("rest", "", "", "", "any", "", "")));
        TestPacket ssh = TestPacket.of("2001:db8::1", "2001:db8::2", TCP, 1, 22);
        TestPacket web = TestPacket.of("2001:db8::1", "2001:db8::2", TCP, 1, 80);
        for (int extensions = 0; extensions < 12; extensions++) {
            assertEquals(SecurityPolicy.DISCARD, match(policy, "b", ssh.extended(extensions), true));
            assertEquals(extensions <= 8 ? 1 : SecurityPolicy.DISCARD, match(policy, "b", web.extended(extensions), true));
        }
        assertEquals(SecurityPolicy.DISCARD, match(policy, "b", web.cut(), true));
    }

    @Test
    void portsBehindTheEndOfAPacketAreNotRead() {
        SecurityPolicy policy = new SecurityPolicy(List.of(protect("port", "", "", "", "tcp", "", "80")));
        UnsafeBuffer whole = TestPacket.of("10.1.0.1", "10.2.0.1", TCP, 1, 80).bytes();
        PeerPolicy b = policy.of("b");
        assertEquals(0, b.match(whole, TestPacket.OFFSET, 32, true));
        whole.putByte(TestPacket.OFFSET + 3, (byte) 27);
        assertEquals(SecurityPolicy.DISCARD, b.match(whole, TestPacket.OFFSET, 32, true));
    }

    @Test
    void aFirstFragmentThatHidesThePortsIsDiscarded() {
        PeerPolicy policy = new SecurityPolicy(List.of(rule("no-ssh", Rule.Action.DISCARD, "", "", "", "tcp", "", "22"),
                protect("rest", "", "", "", "any", "", ""))).of("b");
        // IPv6, a fragment header (offset 0, more to come), destination options that fill the fragment; TCP begins in the next.
        UnsafeBuffer first = new UnsafeBuffer(new byte[56]);
        first.putByte(0, (byte) 0x60);
        first.putByte(5, (byte) 16);
        first.putByte(6, (byte) 44);
        first.putByte(40, (byte) 60);
        first.putByte(43, (byte) 1);
        first.putByte(48, (byte) TCP);
        assertEquals(SecurityPolicy.DISCARD, policy.match(first, 0, 56, true));
        UnsafeBuffer whole = TestPacket.of("10.1.0.1", "10.2.0.1", TCP, 1, 80).bytes();
        assertEquals(1, policy.match(whole, TestPacket.OFFSET, 32, true));
        whole.putByte(TestPacket.OFFSET + 3, (byte) 27);
        assertEquals(SecurityPolicy.DISCARD, policy.match(whole, TestPacket.OFFSET, 32, true));
    }

    @Test
    void icmpIsThatOfThePacketsFamily() {
        assertEquals(new UpperProtocol(ICMP, ICMPV6), UpperProtocol.parse("icmp"));
        assertEquals(new UpperProtocol(ICMPV6, ICMPV6), UpperProtocol.parse("58"));
    }

    @Test
    void aMatchAllocatesNothing() {
        PeerPolicy site = POLICY.of("site-b");
        UnsafeBuffer refused = TestPacket.of("2001:db8:1:a::1", "2001:db8:2::1", TCP, 1, 1).extended(8).bytes();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        int discarded = 0;
        for (int i = 0; i < 100_000; i++) {
            discarded += site.match(refused, TestPacket.OFFSET, refused.capacity() - TestPacket.OFFSET, true);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(-100_000, discarded);
        assertTrue(allocated < 100_000, () -> allocated + " bytes");
    }

    @Test
    void mistakesInARuleAreRefused() {
        for (String text : new String[] {"TCP", "256", "-1", "", "tcp udp"}) {
            assertThrows(IllegalArgumentException.class, () -> UpperProtocol.parse(text), text);
        }
        for (String text : new String[] {"65536", "9-8", "-1", "1-", "", "80,81", "1-2-3"}) {
            assertThrows(IllegalArgumentException.class, () -> PortRange.parse(text), text);
        }
        Stream.of("any", "icmp", "47").forEach(protocol -> assertThrows(IllegalArgumentException.class,
                () -> protect("x", "", "", "", protocol, "1", ""), protocol));
        assertEquals("80", PortRange.parse("80").toString());
        assertEquals("80-81", PortRange.parse("80-81").toString());
    }
}
