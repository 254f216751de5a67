package org.pairspan.kms.policy.document;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads the groups of a document, and takes apart which groups are in which. */
final class GroupReader {

    /** Members of all groups together, each with those of the groups in it. */
    static final int MAX_ENTRIES = 200_000;

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final char GROUP_SIGN = '@';

    /** What a group's own text says. */
    private record Written(int line, List<MemberPattern> patterns, List<String> inner) {
    }

    private final Node node;
    private final Problems problems;
    private final Map<String, Written> written = new TreeMap<>();
    private final Map<String, Group> groups = new TreeMap<>();
    private int entries;

    private GroupReader(Node node, Problems problems) {
        this.node = node;
        this.problems = problems;
    }

    /** The groups by name; one with a fault may be missing. */
    static Map<String, Group> read(Node node, Problems problems) {
        GroupReader reader = new GroupReader(node, problems);
        if (node.names().size() > PolicyDocument.MAX_GROUPS) {
            problems.add(node.origin(), "groups", node.names().size() + " groups", "must be " + PolicyDocument.MAX_GROUPS + " at the most",
                    "use patterns");
            return Map.of();
        }
        node.names().forEach(reader::readOwn);
        reader.written.keySet().forEach(name -> reader.flatten(name, new ArrayDeque<>()));
        return reader.groups;
    }

    private void readOwn(String name) {
        if (!NAME.matcher(name).matches()) {
            node.problem(name, name, "must be named by 1 to 63 characters of a-z 0-9 -, the first and last a letter or digit", "rename it");
            return;
        }
        List<String> inner = new ArrayList<>();
        List<Optional<MemberPattern>> entries = node.list(name, MemberPattern.RULE, "correct it; ids have a-z 0-9 . - only", (text, origin) -> {
            if (isGroup(text)) {
                inner.add(text.substring(1));
                return Optional.empty();
            }
            return MemberPattern.isForm(text) ? Optional.of(new MemberPattern(text)) : null;
        });
        int line = node.value(name) == null ? node.line() : Problems.line(node.value(name).origin());
        written.put(name, new Written(line, entries.stream().flatMap(Optional::stream).toList(), inner));
    }

    /** Whether a text names a group. */
    static boolean isGroup(String text) {
        return text.length() > 1 && text.charAt(0) == GROUP_SIGN;
    }

    /** @param path the groups around this one, innermost last */
    private Set<MemberPattern> flatten(String name, Deque<String> path) {
        Group known = groups.get(name);
        if (known != null) {
            return known.members();
        }
        Written own = written.get(name);
        path.addLast(name);
        Set<MemberPattern> members = new LinkedHashSet<>(own.patterns());
        for (String inner : own.inner()) {
            if (path.contains(inner)) {
                node.problem(name, '@' + inner, "a group must not be in itself: " + String.join(" in ", path.reversed()) + " in " + inner,
                        "take it out of one of them");
            } else if (!written.containsKey(inner)) {
                node.problem(name, '@' + inner, "must be the name of a group", Node.choices(List.copyOf(written.keySet())));
            } else {
                members.addAll(flatten(inner, path));
            }
        }
        path.removeLast();
        int before = entries;
        entries += members.size();
        if (before <= MAX_ENTRIES && entries > MAX_ENTRIES) {
            problems.add(node.origin(), "groups", "more than " + MAX_ENTRIES + " members", "groups, each with those in it, must have "
                    + MAX_ENTRIES + " members and patterns at the most", "use patterns");
        }
        if (entries <= MAX_ENTRIES) {
            groups.put(name, new Group(name, own.line(), Set.copyOf(members)));
        }
        return members;
    }
}
