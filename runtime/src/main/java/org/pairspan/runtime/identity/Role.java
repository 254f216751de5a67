package org.pairspan.runtime.identity;

import java.util.Arrays;
import java.util.Optional;

/** What an identity may do. */
public enum Role {
    /** Runs a tunnel node: asks the key service for its own keys. */
    MEMBER("member"),
    /** Is one of the key servers: serves members, and talks to the other key servers. */
    KMS("kms");

    private final String urnPart;

    Role(String urnPart) {
        this.urnPart = urnPart;
    }

    /** The role's word in an identity's URN. */
    public String urnPart() {
        return urnPart;
    }

    static Optional<Role> ofUrnPart(String text) {
        return Arrays.stream(values()).filter(role -> role.urnPart.equals(text)).findFirst();
    }
}
