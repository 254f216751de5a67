package org.pairspan.node.policy;

import java.util.Map;

/**
 * What a packet carries above IP, as a rule asks for it (RFC 4301 section 4.4.1.1, "next layer protocol").
 *
 * @param ipv4 the protocol number in IPv4, 0 to 255, or {@link #ANY}'s.
 * @param ipv6 the same in IPv6: another one where the family has a protocol of its own, as with ICMP.
 */
public record UpperProtocol(int ipv4, int ipv6) {
    /** Whatever a packet carries, also what can't be read. */
    public static final UpperProtocol ANY = new UpperProtocol(-1, -1);

    static final int TCP = 6;
    static final int UDP = 17;
    private static final int DCCP = 33;
    private static final int SCTP = 132;
    private static final int UDP_LITE = 136;
    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;
    private static final int LARGEST = 255;
    private static final Map<String, UpperProtocol> NAMED = Map.of("any", ANY, "tcp", new UpperProtocol(TCP, TCP),
            "udp", new UpperProtocol(UDP, UDP), "icmp", new UpperProtocol(ICMP, ICMPV6));

    /**
     * Reads {@code any}, {@code tcp}, {@code udp}, {@code icmp} (of both families) or a number from 0 to 255.
     *
     * @throws IllegalArgumentException when it is none of them.
     */
    public static UpperProtocol parse(String text) {
        UpperProtocol named = NAMED.get(text);
        if (named != null) {
            return named;
        }
        if (!text.matches("[0-9]{1,3}") || Integer.parseInt(text) > LARGEST) {
            throw new IllegalArgumentException("'" + text + "' is neither any, tcp, udp, icmp nor a number from 0 to " + LARGEST);
        }
        return new UpperProtocol(Integer.parseInt(text), Integer.parseInt(text));
    }

    /** Whether its packets begin with a source and a destination port: TCP, UDP, UDP-Lite, SCTP, DCCP. */
    public boolean hasPorts() {
        return hasPorts(ipv4);
    }

    static boolean hasPorts(int number) {
        return number == TCP || number == UDP || number == SCTP || number == DCCP || number == UDP_LITE;
    }
}
