package org.pairspan.kms.source;

/** What a key was made of. */
public enum KeyOrigin {
    /** The generator of this server alone. */
    RANDOM("random"),
    /** The quantum key source alone. */
    QUANTUM("quantum"),
    /** Both: to know it takes both. */
    BOTH("random and quantum");

    private final String words;

    KeyOrigin(String words) {
        this.words = words;
    }

    /** As audit records and operators are told. */
    @Override
    public String toString() {
        return words;
    }
}
