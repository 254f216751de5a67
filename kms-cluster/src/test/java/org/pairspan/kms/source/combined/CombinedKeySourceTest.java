package org.pairspan.kms.source.combined;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.kms.source.KeyOrigin;
import org.pairspan.kms.source.KeySource;
import org.pairspan.kms.source.KeySourceException;
import org.pairspan.kms.source.SourcedKey;
import org.pairspan.runtime.certificate.KeyKind;

class CombinedKeySourceTest {

    private final byte[] random = filled(1);
    private final byte[] quantum = filled(2);
    private final KeySource randomSource = () -> CompletableFuture.completedStage(new SourcedKey(random, KeyOrigin.RANDOM));
    private final KeySource quantumSource = () -> CompletableFuture.completedStage(new SourcedKey(quantum, KeyOrigin.QUANTUM));
    private final KeySource failing = () -> CompletableFuture.failedStage(new KeySourceException("dry"));

    /** By hand: HMAC twice is HKDF with one block. */
    @ParameterizedTest
    @EnumSource(KeyKind.class)
    void theCombinationIsHkdfOverBothWithTheirLengths(KeyKind family) throws GeneralSecurityException {
        String material = "0020" + "01".repeat(32) + "0020" + "02".repeat(32);
        byte[] extracted = hmac(family, "pairspan key combination v1".getBytes(StandardCharsets.US_ASCII), HexFormat.of().parseHex(material));
        byte[] expected = hmac(family, extracted, "random and quantum\u0001".getBytes(StandardCharsets.US_ASCII));
        SourcedKey key = combined(randomSource, quantumSource, true, family).next().toCompletableFuture().join();
        assertArrayEquals(expected, key.bytes());
        assertEquals(KeyOrigin.BOTH, key.origin());
        assertArrayEquals(new byte[32], random);
        assertArrayEquals(new byte[32], quantum);
    }

    @Test
    void whereBothAreRequiredAFailureOfEitherMeansNoKey() {
        assertTrue(failure(combined(randomSource, failing, true, KeyKind.SM2)).contains("dry"));
        assertArrayEquals(new byte[32], random);
        assertTrue(failure(combined(failing, quantumSource, true, KeyKind.SM2)).contains("dry"));
        assertArrayEquals(new byte[32], quantum);
    }

    @Test
    void whereEitherDoesTheKeySaysWhichItIsOf() {
        assertEquals(KeyOrigin.RANDOM, combined(randomSource, failing, false, KeyKind.SM2).next().toCompletableFuture().join().origin());
        assertEquals(KeyOrigin.QUANTUM, combined(failing, quantumSource, false, KeyKind.SM2).next().toCompletableFuture().join().origin());
        assertTrue(failure(combined(failing, failing, false, KeyKind.SM2)).contains("both key sources fail"));
    }

    private static String failure(KeySource source) {
        return assertInstanceOf(KeySourceException.class, assertThrows(CompletionException.class,
                () -> source.next().toCompletableFuture().join()).getCause()).getMessage();
    }

    private static KeySource combined(KeySource random, KeySource quantum, boolean bothRequired, KeyKind family) {
        return new CombinedKeySource(random, quantum, new KeyCombination(family), bothRequired);
    }

    private static byte[] hmac(KeyKind family, byte[] key, byte[] data) throws GeneralSecurityException {
        String name = family == KeyKind.SM2 ? "HmacSM3" : "HmacSHA256";
        Mac mac = Mac.getInstance(name, new BouncyCastleProvider());
        mac.init(new SecretKeySpec(key, name));
        return mac.doFinal(data);
    }

    private static byte[] filled(int with) {
        byte[] key = new byte[KeySource.KEY_LENGTH];
        Arrays.fill(key, (byte) with);
        return key;
    }
}
