package org.pairspan.node.policy;

import org.agrona.DirectBuffer;

/** A rule's selectors in the form in which packets are held against them. Immutable. */
final class CompiledRule {
    private final int outcome;
    private final boolean everyPacket;
    private final PrefixSet local;
    private final PrefixSet remote;
    private final int ipv4Protocol;
    private final int ipv6Protocol;
    private final PortSet localPorts;
    private final PortSet remotePorts;

    /**
     * @param rule    what it is made of.
     * @param outcome of a match: the rule's number, or that the packet is discarded.
     */
    CompiledRule(Rule rule, int outcome) {
        this.outcome = outcome;
        everyPacket = rule.meansEveryPacket();
        local = new PrefixSet(rule.local());
        remote = new PrefixSet(rule.remote());
        ipv4Protocol = rule.protocol().ipv4();
        ipv6Protocol = rule.protocol().ipv6();
        localPorts = new PortSet(rule.localPorts());
        remotePorts = new PortSet(rule.remotePorts());
    }

    int outcome() {
        return outcome;
    }

    boolean meansEveryPacket() {
        return everyPacket;
    }

    /**
     * Whether it means packets between these addresses.
     *
     * @param local  where this site's address lies.
     * @param remote where the peer's lies.
     */
    boolean meansAddresses(DirectBuffer buffer, int local, int remote, boolean ipv4) {
        return this.local.holds(buffer, local, ipv4) && this.remote.holds(buffer, remote, ipv4);
    }

    /** Whether it asks for more than addresses. */
    boolean asksUpperLayer() {
        return ipv4Protocol != UpperProtocol.ANY.ipv4();
    }

    /** Whether it means packets with this upper layer, as {@link UpperLayer#read} gave it. */
    boolean meansUpperLayer(long upper, boolean ipv4, boolean outbound) {
        if (UpperLayer.protocol(upper) != (ipv4 ? ipv4Protocol : ipv6Protocol)) {
            return false;
        }
        if (localPorts.isAny() && remotePorts.isAny()) {
            return true;
        }
        int source = UpperLayer.sourcePort(upper);
        int destination = UpperLayer.destinationPort(upper);
        return UpperLayer.hasPorts(upper) && localPorts.holds(outbound ? source : destination)
                && remotePorts.holds(outbound ? destination : source);
    }
}
