package org.pairspan.kms.policy.document;

import com.typesafe.config.ConfigOrigin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers what is wrong with a document. */
final class Problems {

    /** More are not told at once. */
    static final int MOST = 100;

    private final List<Problem> found = new ArrayList<>();

    void add(ConfigOrigin where, String name, Object value, String rule, String remedy) {
        if (found.size() < MOST) {
            found.add(new Problem(line(where), name, String.valueOf(value), rule, remedy));
        }
    }

    static int line(ConfigOrigin where) {
        return where == null ? 0 : Math.max(0, where.lineNumber());
    }

    void throwIfAny() throws PolicyDocumentException {
        if (!found.isEmpty()) {
            throw new PolicyDocumentException(found.stream().sorted(Comparator.comparingInt(Problem::line)).toList());
        }
    }
}
