package org.pairspan.kms.policy.keeping;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The policy a new installation comes with. */
final class InitialPolicy {

    /** Version 0. */
    static final PolicyVersion VERSION = new PolicyVersion(0, 0, "installation", "every member with every other", text());

    private InitialPolicy() {
    }

    private static String text() {
        try (InputStream in = InitialPolicy.class.getResourceAsStream("initial-key-policy.conf")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the initial policy is part of this program", e);
        }
    }
}
