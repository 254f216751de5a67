package org.pairspan.kms.policy.document;

import java.util.regex.Pattern;

/**
 * A member's id, or a pattern of ids: {@code *} stands for any number of any characters, none too.
 *
 * @param text 1 to 63 characters of {@code a-z 0-9 . - *}
 */
public record MemberPattern(String text) {

    /** What a pattern looks like. */
    static final String RULE = "must be the id of a member, such as site-a, a pattern of ids, such as \"branch-*\", or a group, such as \"@branches\"";

    private static final char ANY = '*';
    private static final Pattern FORM = Pattern.compile("[a-z0-9*]([a-z0-9.*-]{0,61}[a-z0-9*])?");

    /** Every member. */
    static final MemberPattern EVERYBODY = new MemberPattern("*");

    /** @throws IllegalArgumentException where it is none */
    public MemberPattern {
        if (!isForm(text)) {
            throw new IllegalArgumentException("not an id or a pattern of ids: \"" + text + '"');
        }
    }

    static boolean isForm(String text) {
        return FORM.matcher(text).matches();
    }

    /** Whether it is one id, not a pattern. */
    public boolean isExact() {
        return text.indexOf(ANY) < 0;
    }

    /** Whether this is the id's, or a pattern of it. In time proportional to both lengths at the most. */
    public boolean matches(String id) {
        int pattern = 0;
        int at = 0;
        int star = -1;
        int starAt = 0;
        while (at < id.length()) {
            if (pattern < text.length() && text.charAt(pattern) == ANY) {
                star = pattern++;
                starAt = at;
            } else if (pattern < text.length() && text.charAt(pattern) == id.charAt(at)) {
                pattern++;
                at++;
            } else if (star >= 0) {
                pattern = star + 1;
                at = ++starAt;
            } else {
                return false;
            }
        }
        while (pattern < text.length() && text.charAt(pattern) == ANY) {
            pattern++;
        }
        return pattern == text.length();
    }

    /** Whether every id that the other means is meant by this one, too; may say no where that would be hard to see. */
    boolean covers(MemberPattern other) {
        // A star of the other is an ordinary character here, which only a star of ours matches.
        return matches(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
