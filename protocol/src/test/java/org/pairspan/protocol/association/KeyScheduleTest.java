package org.pairspan.protocol.association;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pairspan.protocol.crypto.Suite;

class KeyScheduleTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final long GENERATION = 0x1_0000_0002L;

    /** Computed by another implementation of HMAC and HKDF. */
    @ParameterizedTest
    @CsvSource({
        "AES_256_GCM, site-a, site-b, 953362e7d3dee8d04df6434d897a7d8dab0416e785122bcbbeea5f6714f49f24, c8dbdccd, "
            + "cd0ad250e1add6be9573f96a80e5adbf",
        "AES_256_GCM, site-b, site-a, cd8d65e357fbf137a630334134ea8561d7ceaf9d758d34c953f8808b08ae5990, 71a863db, "
            + "59cf69054d60970e3341303c5bf24cb8",
        "CHACHA20_POLY1305, site-a, site-b, 63eeb2236465c1b17d61d3bb66514136c27823de7d7695c4536a435bdf5007af, 965336d0, "
            + "359985adbe172b0eeebafbc19602a690",
        "CHACHA20_POLY1305, site-b, site-a, b8c8c5f9ac42eac66f2aa7013cfd47d655e4352834219064256c469e5aab996a, 4e822351, "
            + "235eafff32ba6da1d4018ab8292e61ff",
        "SM4_GCM, site-a, site-b, 9f0ea0c0aeff3f21f5118cb62ff09265, b5cc967d, 3c4d45abca37353422d02ee766d6ff68",
        "SM4_GCM, site-b, site-a, b6e91d0df50b91b019bb241e7c6c469c, 84b72c79, 57a9b64454d6bbc31ad9f9278270649f"})
    void keysAreThoseOfTheSpecification(Suite suite, String sender, String receiver, String aeadKey, String salt, String spaKey) {
        TrafficKeys keys = KeySchedule.derive(suite, pairKey(), sender, receiver, 7, GENERATION);
        assertEquals(aeadKey, HEX.formatHex(keys.aeadKey()));
        assertEquals(salt, HEX.formatHex(keys.salt()));
        assertEquals(spaKey, HEX.formatHex(keys.spaKey()));
    }

    @ParameterizedTest
    @CsvSource({
        "AES_256_GCM, site-a, site-b, f0494c400f3d07dd7a236790886153e9c562bdcc5f6254686232c3960e59e520",
        "CHACHA20_POLY1305, site-b, site-a, 6c4098c1b52b818fbe67433dd5b78e69fd68984fba63283f6df6c973595e0c4c",
        "SM4_GCM, site-a, site-b, 79fbda41e560c1fbbc926e54e719785f824597102e22d2ea5681a5e899df1b95"})
    void preSharedKeysAreThoseOfTheSpecification(Suite suite, String client, String server, String expected) {
        PreSharedKey key = KeySchedule.preSharedKey(suite, pairKey(), client, server, 7, GENERATION);
        assertEquals(expected, HEX.formatHex(key.key()));
        byte[] bytes = key.key();
        key.close();
        assertArrayEquals(new byte[PreSharedKey.LENGTH], bytes);
        assertThrows(IllegalStateException.class, key::key);
        assertEquals("PreSharedKey[destroyed]", key.toString());
        assertThrows(IllegalArgumentException.class, () -> new PreSharedKey(new byte[31]));
    }

    @Test
    void idsThatOnlyJoinToTheSameTextGiveOtherKeys() {
        assertFalse(Arrays.equals(
            KeySchedule.derive(Suite.AES_256_GCM, pairKey(), "ab", "c", 1, 1).aeadKey(),
            KeySchedule.derive(Suite.AES_256_GCM, pairKey(), "a", "bc", 1, 1).aeadKey()));
    }

    @Test
    void thePairKeyIsLeftToItsOwner() {
        byte[] pairKey = pairKey();
        KeySchedule.derive(Suite.SM4_GCM, pairKey, "a", "b", 1, 1);
        assertArrayEquals(pairKey(), pairKey);
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> KeySchedule.derive(Suite.SM4_GCM, new byte[31], "a", "b", 1, 1));
        assertThrows(IllegalArgumentException.class, () -> KeySchedule.derive(Suite.SM4_GCM, pairKey(), "", "b", 1, 1));
        assertThrows(IllegalArgumentException.class, () -> KeySchedule.derive(Suite.SM4_GCM, pairKey(), "a", "b", 0, 1));
        assertThrows(IllegalArgumentException.class, () -> KeySchedule.derive(Suite.SM4_GCM, pairKey(), "a", "b", 1, 0));
    }

    @Test
    void destroyedKeysAreZeroAndNoLongerGiven() {
        TrafficKeys keys = KeySchedule.derive(Suite.SM4_GCM, pairKey(), "a", "b", 1, 1);
        byte[] aeadKey = keys.aeadKey();
        byte[] spaKey = keys.spaKey();
        keys.destroy();
        assertArrayEquals(new byte[16], aeadKey);
        assertArrayEquals(new byte[16], spaKey);
        assertThrows(IllegalStateException.class, keys::aeadKey);
        assertEquals("TrafficKeys[destroyed]", keys.toString());
    }

    @Test
    void keysDoNotShowInText() {
        assertEquals("TrafficKeys[secret]", KeySchedule.derive(Suite.SM4_GCM, pairKey(), "a", "b", 1, 1).toString());
    }

    private static byte[] pairKey() {
        byte[] key = new byte[KeySchedule.PAIR_KEY_LENGTH];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) i;
        }
        return key;
    }
}
