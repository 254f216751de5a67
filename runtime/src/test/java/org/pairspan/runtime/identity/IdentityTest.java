package org.pairspan.runtime.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    @Test
    void anIdentityIsWrittenAsAUrnAndReadBack() {
        Identity siteA = new Identity(Role.MEMBER, "site-a");
        assertEquals("urn:pairspan:member:site-a", siteA.urn());
        assertEquals(siteA, Identity.ofUrn("urn:pairspan:member:site-a"));
        assertEquals(new Identity(Role.KMS, "kms-1.example.org"), Identity.ofUrn("urn:pairspan:kms:kms-1.example.org"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "urn:pairspan:member:", "urn:pairspan:admin:x", "urn:other:member:x", "urn:pairspan:member:-a", "urn:pairspan:member:a-",
        "urn:pairspan:member:Site", "urn:pairspan:member:a b", "urn:pairspan:member:a\n", "urn:pairspan:MEMBER:a",
        "urn:pairspan:member:a123456789012345678901234567890123456789012345678901234567890123"})
    void anythingElseIsRefused(String urn) {
        assertThrows(IllegalArgumentException.class, () -> Identity.ofUrn(urn));
    }
}
