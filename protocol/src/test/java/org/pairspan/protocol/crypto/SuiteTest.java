package org.pairspan.protocol.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SuiteTest {
    @Test
    void wireNumbersAndNamesAreFixed() {
        assertSame(Suite.AES_256_GCM, Suite.ofWireNumber(1));
        assertSame(Suite.CHACHA20_POLY1305, Suite.ofWireNumber(2));
        assertSame(Suite.SM4_GCM, Suite.ofWireNumber(3));
        assertSame(Suite.AES_256_GCM, Suite.ofName("aes-256-gcm"));
        assertSame(Suite.CHACHA20_POLY1305, Suite.ofName("chacha20-poly1305"));
        assertSame(Suite.SM4_GCM, Suite.ofName("sm4-gcm"));
        assertEquals(3, Suite.values().length);
    }

    @Test
    void anUnknownSuiteIsRefusedWithTheChoices() {
        String message = assertThrows(IllegalArgumentException.class, () -> Suite.ofName("rot13")).getMessage();
        assertTrue(message.contains("rot13") && message.contains("aes-256-gcm") && message.contains("sm4-gcm"), message);
        assertThrows(IllegalArgumentException.class, () -> Suite.ofWireNumber(0));
    }
}
