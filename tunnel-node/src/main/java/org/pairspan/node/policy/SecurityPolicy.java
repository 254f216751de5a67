package org.pairspan.node.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules of a node in their order (RFC 4301 section 4.4.1): the first that means a packet decides, and what no rule means is discarded.
 * Immutable.
 *
 * <p>Rules name peers by their identities. Which of them are about one peer is found once, when the peer becomes known:
 * {@link #of(String)}.
 */
public final class SecurityPolicy {
    /** In place of a rule's number: the packet is to be dropped. */
    public static final int DISCARD = -1;

    private final List<Rule> rules;

    /**
     * @param rules in the order in which they are tried; without any, everything is discarded.
     */
    public SecurityPolicy(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /** The part of it that is about this peer, to be kept beside the peer. */
    public PeerPolicy of(String peerId) {
        List<CompiledRule> compiled = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.isAbout(peerId)) {
                compiled.add(new CompiledRule(rule, rule.action() == Rule.Action.PROTECT ? i : DISCARD));
                if (rule.meansEveryPacket()) {
                    break;
                }
            }
        }
        return new PeerPolicy(compiled);
    }

    /**
     * The rule of this number.
     *
     * @param number as {@link PeerPolicy#match} gave it, from 0.
     */
    public Rule rule(int number) {
        return rules.get(number);
    }

    /** All of them, in their order. */
    public List<Rule> rules() {
        return rules;
    }
}
