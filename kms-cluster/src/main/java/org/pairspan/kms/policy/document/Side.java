package org.pairspan.kms.policy.document;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The members on one side of a rule.
 *
 * @param patterns named in the rule itself
 * @param groups   whose members belong to it, too
 */
public record Side(List<MemberPattern> patterns, List<Group> groups) {

    public Side {
        patterns = List.copyOf(patterns);
        groups = List.copyOf(groups);
    }

    /** Patterns of one side times those of the other that are held against each other; a doubt is not worth more. */
    private static final long MOST_COMPARED = 2_000;

    /** All patterns; some may come twice. */
    Stream<MemberPattern> all() {
        return Stream.concat(patterns.stream(), groups.stream().flatMap(group -> group.members().stream()));
    }

    /** Whether every member of the other side is one of this side; may say no where that would be hard to see. */
    boolean covers(Side other) {
        return patterns.contains(MemberPattern.EVERYBODY)
                || equals(other)
                || all().count() * other.all().count() <= MOST_COMPARED
                && other.patterns.stream().allMatch(this::covers)
                && other.groups.stream().allMatch(group -> groups.contains(group) || group.members().stream().allMatch(this::covers));
    }

    private boolean covers(MemberPattern pattern) {
        return all().anyMatch(own -> own.covers(pattern));
    }

    /** As an operator writes it: {@code @branches, hq-1}. */
    @Override
    public String toString() {
        return Stream.concat(groups.stream().map(group -> '@' + group.name()), patterns.stream().map(MemberPattern::text))
                .collect(Collectors.joining(", "));
    }
}
