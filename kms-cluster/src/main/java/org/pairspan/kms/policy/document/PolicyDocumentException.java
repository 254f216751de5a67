package org.pairspan.kms.policy.document;

import java.util.List;
import java.util.stream.Collectors;

/** A policy document that can't be used. The message holds every problem. */
public final class PolicyDocumentException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    PolicyDocumentException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order of the lines. */
    public List<Problem> problems() {
        return problems;
    }
}
