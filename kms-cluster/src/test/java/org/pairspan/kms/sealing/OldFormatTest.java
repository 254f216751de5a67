package org.pairspan.kms.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Bytes that the version before sealing rings wrote, under a master key of 32 bytes 0x42. */
class OldFormatTest {

    private static final String SEALED = "01bed609729d0598279eeaf3dc3c711fcbbadca87e5d95bd6b1b044f6b1eb78f"
            + "f07be6cb69b47bdede8469f9568705c766821a661210eb86d223366007";
    private static final String CHECK = "01a9044fe45b4f554627e79d0eb8e3c8c24c373baa7148a878611f5db2594388567c70bf34";

    private static byte[] masterKey() {
        return HexFormat.of().parseHex("42".repeat(MasterKey.LENGTH));
    }

    @Test
    void aKeySealedByTheVersionBeforeOpens() {
        SealingRing ring = new SealingRing();
        SortedMap<Integer, byte[]> keys = new TreeMap<>();
        keys.put(SealingRing.FIRST_JOURNALS_KEY, masterKey());
        ring.fill(null, keys, SealingRing.FIRST_JOURNALS_KEY);
        Sealer sealer = new Sealer(ring, number -> CompletableFuture.completedStage(null), SealingAlgorithm.AES_256_GCM, new SecureRandom());
        assertArrayEquals(HexFormat.of().parseHex("17".repeat(32)), sealer.open("pair-key|a~b", 3, new SealedKey(HexFormat.of().parseHex(SEALED))));
    }

    @Test
    void theCheckValueOfTheVersionBeforeTellsItsMasterKey() {
        byte[] stored = HexFormat.of().parseHex(CHECK);
        assertDoesNotThrow(() -> OldCheckValue.requireOpensBy(local(masterKey()), stored));
        assertThrows(SealingException.class, () -> OldCheckValue.requireOpensBy(local(new byte[MasterKey.LENGTH]), stored));
    }

    private static LocalMasterKey local(byte[] key) {
        return new LocalMasterKey(ProviderKind.FILE, new byte[0], key, SealingAlgorithm.AES_256_GCM, new SecureRandom());
    }
}
