package org.pairspan.kms.policy.document;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.pairspan.protocol.crypto.Suite;

/** What is not wrong in a document, but probably not meant so. */
public final class Doubts {

    private Doubts() {
    }

    /**
     * Doubts about a document, in the order of its lines.
     *
     * @param suites  that the service allows
     * @param members that there are
     * @param idle    rules that decide about no pair of them
     */
    public static List<String> about(PolicyDocument document, List<Suite> suites, Set<String> members, List<Rule> idle) {
        List<String> doubts = new ArrayList<>();
        Set<Group> used = new HashSet<>();
        document.rules().forEach(rule -> {
            used.addAll(rule.between().groups());
            used.addAll(rule.and().groups());
        });
        for (Group group : document.groups()) {
            if (group.members().stream().noneMatch(pattern -> pattern.isExact() ? members.contains(pattern.text())
                    : members.stream().anyMatch(pattern::matches))) {
                doubts.add("line " + group.line() + ": group @" + group.name() + " has no member that is registered");
            }
            if (!used.contains(group) && document.groups().stream().noneMatch(other -> other != group && isWithin(group, other))) {
                doubts.add("line " + group.line() + ": group @" + group.name() + " is in no rule and in no other group");
            }
        }
        for (int i = 0; i < document.rules().size(); i++) {
            doubts.addAll(about(document.rules(), i, suites, idle));
        }
        return doubts;
    }

    private static boolean isWithin(Group group, Group other) {
        return !group.members().isEmpty() && other.members().containsAll(group.members());
    }

    private static List<String> about(List<Rule> rules, int number, List<Suite> suites, List<Rule> idle) {
        Rule rule = rules.get(number);
        String where = "line " + rule.line() + ": rule '" + rule.name() + "' ";
        List<String> doubts = new ArrayList<>();
        List<Rule> earlier = rules.subList(0, number);
        if (isOfOneMember(rule)) {
            doubts.add(where + "can never fit: both its sides are the same member");
        } else if (earlier.stream().anyMatch(before -> before.covers(rule))) {
            doubts.add(where + "can never fit: rule '" + earlier.stream().filter(before -> before.covers(rule)).findFirst().orElseThrow().name()
                    + "' decides about all of its pairs before it");
        } else if (idle.contains(rule)) {
            doubts.add(where + "decides about no pair of the members that are registered");
        }
        rule.parameters().filter(parameters -> !parameters.suites().isEmpty()).ifPresent(parameters -> {
            List<String> refused = parameters.suites().stream().filter(suite -> !suites.contains(suite)).map(Suite::wireName).toList();
            if (refused.size() == parameters.suites().size()) {
                doubts.add(where + "gives no key to anybody: the service (association.suites) allows none of its suites");
            } else if (!refused.isEmpty()) {
                doubts.add(where + "names suites that the service (association.suites) does not allow: " + String.join(", ", refused));
            }
        });
        return doubts;
    }

    private static boolean isOfOneMember(Rule rule) {
        List<MemberPattern> all = Stream.concat(rule.between().all(), rule.and().all()).distinct().limit(2).toList();
        return all.size() == 1 && all.getFirst().isExact();
    }
}
