package org.pairspan.kms.policy.document;

/**
 * A fault in a policy document, for the operator.
 *
 * @param line   where it stands, from 1; 0 where it is about the document as a whole
 * @param name   of what is wrong, such as {@code rules[2].suites}
 * @param value  what it says
 * @param rule   what it must be
 * @param remedy what to do
 */
public record Problem(int line, String name, String value, String rule, String remedy) {

    private static final int LONGEST_VALUE = 200;

    /** Cuts the value to {@value #LONGEST_VALUE} characters. */
    public Problem {
        value = value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + '…';
    }

    /** Four lines. */
    @Override
    public String toString() {
        return (line > 0 ? "line " + line + ": " : "") + name + "\n  value: " + value + "\n   rule: " + rule + "\n remedy: " + remedy;
    }
}
