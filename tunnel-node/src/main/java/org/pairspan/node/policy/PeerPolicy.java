package org.pairspan.node.policy;

import java.util.List;
import org.agrona.DirectBuffer;
import org.pairspan.node.classify.IpPacket;

/**
 * The rules about one peer, ready to be matched; immutable, so any thread. A match allocates nothing. Where the first rule means every
 * packet, as the one does that a node comes with, the packet is not even looked at.
 */
public final class PeerPolicy {
    private static final int NOT_READ = -2;

    private final CompiledRule[] rules;

    /**
     * @param rules in their order.
     */
    PeerPolicy(List<CompiledRule> rules) {
        this.rules = rules.toArray(new CompiledRule[0]);
    }

    /**
     * Finds the first rule that means a packet. A segment that the kernel still has to cut (segmentation offload) is one packet. The ports
     * of a fragment that is not the first are unknown: only rules that ask for no ports mean it. Where a rule asks for the protocol and
     * it can't be read, because the chain of IPv6 extension headers is cut short or too long, or the ports should be there and are not,
     * the packet is discarded.
     *
     * @param buffer   holding an IP packet in which {@link IpPacket#fault} found nothing wrong.
     * @param offset   where it begins.
     * @param length   how many bytes there are, at least the packet's own.
     * @param outbound whether it is on its way to the peer; otherwise it came from there.
     * @return the number of a rule that protects it, for {@link SecurityPolicy#rule}, or {@link SecurityPolicy#DISCARD}.
     */
    public int match(DirectBuffer buffer, int offset, int length, boolean outbound) {
        if (rules.length == 0) {
            return SecurityPolicy.DISCARD;
        }
        CompiledRule first = rules[0];
        return first.meansEveryPacket() ? first.outcome() : search(buffer, offset, length, outbound);
    }

    private int search(DirectBuffer buffer, int offset, int length, boolean outbound) {
        boolean ipv4 = IpPacket.isIpv4(buffer, offset);
        int source = IpPacket.sourceOffset(buffer, offset);
        int destination = IpPacket.destinationOffset(buffer, offset);
        int local = outbound ? source : destination;
        int remote = outbound ? destination : source;
        long upper = NOT_READ;
        for (CompiledRule rule : rules) {
            if (!rule.meansAddresses(buffer, local, remote, ipv4)) {
                continue;
            }
            if (!rule.asksUpperLayer()) {
                return rule.outcome();
            }
            if (upper == NOT_READ) {
                upper = UpperLayer.read(buffer, offset, length);
            }
            if (upper == UpperLayer.UNREADABLE) {
                return SecurityPolicy.DISCARD;
            }
            if (rule.meansUpperLayer(upper, ipv4, outbound)) {
                return rule.outcome();
            }
        }
        return SecurityPolicy.DISCARD;
    }
}
