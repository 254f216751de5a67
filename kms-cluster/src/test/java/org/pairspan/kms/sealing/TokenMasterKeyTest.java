package org.pairspan.kms.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.InTurn;
import org.pairspan.runtime.config.ConfigurationException;

/** Against SoftHSM2. */
@InTurn
class TokenMasterKeyTest {

    private static final byte[] ROOT = "0123456789abcdef0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PURPOSE = {1, 2, 3};

    @TempDir
    Path folder;

    @Test
    void aKeyMadeInTheTokenWrapsAndUnwrapsAndNothingElseUnwraps() throws Exception {
        TokenSettings settings = SoftHsm.token("wraps");
        TokenMasterKey.create(settings);
        byte[] wrapped;
        try (TokenMasterKey key = TokenMasterKey.open(settings, new SecureRandom())) {
            wrapped = key.wrap(ROOT, PURPOSE);
        }
        try (TokenMasterKey key = TokenMasterKey.open(settings, new SecureRandom())) {
            assertArrayEquals(ROOT, key.unwrap(wrapped, PURPOSE));
            assertArrayEquals("wraps".getBytes(StandardCharsets.UTF_8), key.parameters());
            assertThrows(SealingException.class, () -> key.unwrap(wrapped, new byte[] {1, 2, 4}));
            for (int i = 0; i < wrapped.length; i += 7) {
                byte[] changed = wrapped.clone();
                changed[i] ^= 1;
                assertThrows(SealingException.class, () -> key.unwrap(changed, PURPOSE), "byte " + i);
            }
            assertThrows(SealingException.class, () -> key.unwrap(new byte[5], PURPOSE));
        }
        TokenSettings otherKey = new TokenSettings(settings.library(), settings.slot(), "other", settings.pinFile());
        TokenMasterKey.create(otherKey);
        try (TokenMasterKey key = TokenMasterKey.open(otherKey, new SecureRandom())) {
            assertThrows(SealingException.class, () -> key.unwrap(wrapped, PURPOSE));
        }
        assertThrows(ConfigurationException.class, () -> TokenMasterKey.create(settings), "a key is never replaced");
    }

    @Test
    void whatIsWrongIsSaidWithItsRemedy() throws Exception {
        TokenSettings right = SoftHsm.token("missing");
        assertRefused(right, ".key-label", "pairspan pki master-key");
        Path wrongPin = folder.resolve("pin");
        Files.writeString(wrongPin, "0000");
        assertRefused(new TokenSettings(right.library(), right.slot(), "missing", wrongPin), ".pin-file", "chmod 600");
        Files.setPosixFilePermissions(wrongPin, PosixFilePermissions.fromString("rw-------"));
        assertRefused(new TokenSettings(right.library(), right.slot(), "missing", wrongPin), ".pin-file", "CKR_PIN_INCORRECT");
        assertRefused(new TokenSettings(folder.resolve("none.so"), right.slot(), "missing", right.pinFile()), ".library", "install");
        assertRefused(new TokenSettings(wrongPin, right.slot(), "missing", right.pinFile()), "pkcs11", "check library");
        assertRefused(new TokenSettings(right.library(), 4711L, "missing", right.pinFile()), "pkcs11", "check library");
    }

    private static void assertRefused(TokenSettings settings, String name, String remedy) {
        ConfigurationException refused = assertThrows(ConfigurationException.class, () -> TokenMasterKey.open(settings, new SecureRandom()));
        assertTrue(refused.name().endsWith(name), refused::getMessage);
        assertTrue(refused.remedy().contains(remedy), refused::getMessage);
    }
}
