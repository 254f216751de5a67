package org.pairspan.kms.policy.document;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** From the syntax of a document to its meaning. */
final class DocumentReader {

    private static final String ROOT = "key-policy";
    private static final List<String> RULE_NAMES = Stream.concat(Stream.of("name", "action", "between", "and"), ParameterReader.NAMES.stream())
            .toList();
    private static final Pattern RULE_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9 ._-]{0,61}[A-Za-z0-9])?");

    private enum Action {
        ALLOW, DENY
    }

    private final Problems problems;
    private final Map<String, Integer> lineOfName = new HashMap<>();
    private Map<String, Group> groups = Map.of();
    private Parameters defaults = Parameters.NONE;

    DocumentReader(Problems problems) {
        this.problems = problems;
    }

    PolicyDocument read(Config config) {
        Node file = new Node("", config.root(), problems);
        file.allowOnly(List.of(ROOT));
        if (!file.has(ROOT)) {
            problems.add(null, ROOT, "(missing)", "must hold the policy", "write " + ROOT + " { rules = [ ... ] }");
        }
        return file.node(ROOT).map(this::policy).orElseGet(() -> new PolicyDocument(List.of(), List.of()));
    }

    private PolicyDocument policy(Node node) {
        node.allowOnly(List.of("groups", "defaults", "rules"));
        groups = node.node("groups").map(inner -> GroupReader.read(inner, problems)).orElse(Map.of());
        defaults = node.node("defaults").map(inner -> {
            inner.allowOnly(ParameterReader.NAMES);
            return ParameterReader.read(inner, Parameters.NONE);
        }).orElse(Parameters.NONE);
        if (!node.has("rules")) {
            node.problem("rules", "(missing)", "must be the list of rules", "write rules = [], if nobody may talk to anybody");
        }
        List<Rule> rules = new ArrayList<>();
        node.nodes("rules", PolicyDocument.MAX_RULES).forEach(inner -> rules.add(rule(inner)));
        return new PolicyDocument(List.copyOf(groups.values()), rules);
    }

    private Rule rule(Node node) {
        node.allowOnly(RULE_NAMES);
        String name = name(node);
        Optional<Action> action = node.parsed("action", "must be allow or deny", "write one of the two", text -> switch (text) {
            case "allow" -> Action.ALLOW;
            case "deny" -> Action.DENY;
            default -> throw new IllegalArgumentException(text);
        });
        if (!node.has("action")) {
            node.problem("action", "(missing)", "must be allow or deny", "say which");
        }
        boolean allows = action.orElse(Action.DENY) == Action.ALLOW;
        if (action.isPresent() && !allows) {
            ParameterReader.NAMES.stream().filter(node::has).forEach(parameter -> node.problem(parameter, node.value(parameter),
                    "a rule that denies has no parameters", "take it out"));
        }
        return new Rule(name, node.line(), side(node, "between"), side(node, "and"),
                allows ? Optional.of(ParameterReader.read(node, defaults)) : Optional.empty());
    }

    private String name(Node node) {
        if (!node.has("name")) {
            node.problem("name", "(missing)", "every rule has a name, by which it is shown and audited", "give it one");
            return "";
        }
        String name = node.parsed("name", "must have 1 to 63 characters of a-z A-Z 0-9 . _ - and blanks, the first and last a letter or digit",
                "rename it", text -> {
                    if (!RULE_NAME.matcher(text).matches()) {
                        throw new IllegalArgumentException(text);
                    }
                    return text;
                }).orElse("");
        Integer earlier = name.isEmpty() ? null : lineOfName.putIfAbsent(name, node.line());
        if (earlier != null) {
            node.problem("name", name, "must be the name of one rule only; line " + earlier + " has it, too", "rename one of them");
        }
        return name;
    }

    private Side side(Node node, String name) {
        List<Group> inner = new ArrayList<>();
        List<Optional<MemberPattern>> patterns = node.list(name, MemberPattern.RULE,
                groups.isEmpty() ? "correct it; ids have a-z 0-9 . - only" : "correct it; groups: @" + String.join(", @", groups.keySet()),
                (text, origin) -> {
                    if (GroupReader.isGroup(text)) {
                        Group group = groups.get(text.substring(1));
                        if (group != null) {
                            inner.add(group);
                        }
                        return group == null ? null : Optional.empty();
                    }
                    return MemberPattern.isForm(text) ? Optional.of(new MemberPattern(text)) : null;
                });
        if (!node.has(name)) {
            node.problem(name, "(missing)", "a rule has two sides, between and and", "name members, or \"*\" for everybody");
        } else if (patterns.isEmpty()) {
            node.problem(name, node.value(name), "must name somebody", "name members, or \"*\" for everybody");
        }
        return new Side(patterns.stream().flatMap(Optional::stream).toList(), inner);
    }
}
