package org.pairspan.node.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.pairspan.node.policy.PortRange;
import org.pairspan.node.policy.Rule;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.node.policy.UpperProtocol;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.config.Settings;
import org.pairspan.runtime.identity.Identity;

/** The security policy as operators write it. */
final class PolicyConfig {
    private static final String RULES = "rules";
    private static final int MOST_RULES = 1024;

    private PolicyConfig() {
    }

    /**
     * @param own what is behind this node.
     */
    static SecurityPolicy read(Settings settings, List<IpPrefix> own) {
        List<Settings> groups = settings.each(RULES, "rule-defaults");
        if (groups.size() > MOST_RULES) {
            throw settings.invalid(RULES, groups.size() + " rules", "must be at most " + MOST_RULES + " rules");
        }
        List<Rule> rules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Settings group : groups) {
            Rule rule = rule(group, own);
            if (!names.add(rule.name())) {
                throw group.invalid("name", rule.name(), "must be the name of one rule only");
            }
            if (!rules.isEmpty() && rules.getLast().isLast()) {
                throw group.invalid("name", rule.name(), "must stand before rule '" + rules.getLast().name()
                        + "', which means every packet, so that nothing after it is ever reached");
            }
            rules.add(rule);
        }
        return new SecurityPolicy(rules);
    }

    private static Rule rule(Settings group, List<IpPrefix> own) {
        UpperProtocol protocol = group.parsed("protocol", "must be any, tcp, udp, icmp or a number", UpperProtocol::parse);
        return new Rule(group.string("name"), group.enumOf("action", Rule.Action.class),
                Set.copyOf(list(group, "peers", "must be the id of a member", PolicyConfig::id)), local(group, own),
                list(group, "remote", "must be an IP prefix such as 10.2.0.0/16", IpPrefix::parse), protocol,
                ports(group, "local-ports", protocol), ports(group, "remote-ports", protocol),
                group.has("class") ? Optional.of(group.enumOf("class", TrafficClass.class)) : Optional.empty());
    }

    private static List<IpPrefix> local(Settings group, List<IpPrefix> own) {
        List<IpPrefix> local = list(group, "local", "must be an IP prefix such as 10.1.0.0/16", IpPrefix::parse);
        for (IpPrefix prefix : local) {
            if (own.stream().noneMatch(prefix::overlaps)) {
                throw group.invalid("local", prefix, "must meet what is behind this node, " + own);
            }
        }
        return local;
    }

    private static List<PortRange> ports(Settings group, String name, UpperProtocol protocol) {
        List<PortRange> ports = list(group, name, "must be a port such as 443, or a range such as 8000-8999", PortRange::parse);
        if (!ports.isEmpty() && !protocol.hasPorts()) {
            throw group.invalid(name, ports, "must not be set unless protocol is tcp, udp or another that has ports");
        }
        return ports;
    }

    private static String id(String text) {
        if (!Identity.ID.matcher(text).matches()) {
            throw new IllegalArgumentException("it has 1 to 63 characters of a-z 0-9 . -, the first and last a letter or digit");
        }
        return text;
    }

    /** A selector; without a value it is empty, which means all. */
    private static <T> List<T> list(Settings group, String name, String rule, Function<String, T> parser) {
        return group.has(name) ? group.parsedList(name, rule, parser) : List.of();
    }
}
