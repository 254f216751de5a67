package org.pairspan.protocol.crypto;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A cipher suite of a security association: the authenticated encryption and the hash that keys are derived with.
 */
public enum Suite {
    /** ESP as in RFC 4106. */
    AES_256_GCM(1, "aes-256-gcm", 32, HashAlgorithm.SHA_256, NativeAlgorithm.AES_256_GCM, JcaAead::aesGcm),
    /** ESP as in RFC 7634. */
    CHACHA20_POLY1305(2, "chacha20-poly1305", 32, HashAlgorithm.SHA_256, NativeAlgorithm.CHACHA20_POLY1305,
        JcaAead::chaCha20Poly1305),
    /** The AEAD of RFC 8998 in the shape of RFC 4106. */
    SM4_GCM(3, "sm4-gcm", 16, HashAlgorithm.SM3, NativeAlgorithm.SM4_GCM, BouncyCastleSm4Gcm::new);

    private final int wireNumber;
    private final String wireName;
    private final int keyLength;
    private final HashAlgorithm hash;
    private final NativeAlgorithm nativeAlgorithm;
    private final Function<byte[], AeadCipher> javaCipher;

    Suite(int wireNumber, String wireName, int keyLength, HashAlgorithm hash, NativeAlgorithm nativeAlgorithm,
          Function<byte[], AeadCipher> javaCipher) {
        this.wireNumber = wireNumber;
        this.wireName = wireName;
        this.keyLength = keyLength;
        this.hash = hash;
        this.nativeAlgorithm = nativeAlgorithm;
        this.javaCipher = javaCipher;
    }

    /** Number in messages and key derivation; 1 to 255. */
    public int wireNumber() {
        return wireNumber;
    }

    /** Name in configuration and reports. */
    public String wireName() {
        return wireName;
    }

    /** Length of the cipher's key in bytes. */
    public int keyLength() {
        return keyLength;
    }

    /** The hash of this suite's key derivation. */
    public HashAlgorithm hash() {
        return hash;
    }

    /** Whether {@link #newCipher} takes the cipher from the system's libgcrypt; otherwise it is one in Java. */
    public boolean isNative() {
        return nativeAlgorithm.isUsable(javaCipher, keyLength);
    }

    /** Who computes the ciphers of {@link #newCipher}, for reports: libgcrypt, JDK or Bouncy Castle. */
    public String provider() {
        return isNative() ? "libgcrypt" : this == SM4_GCM ? "Bouncy Castle" : "JDK";
    }

    /**
     * A cipher of this suite under a copy of this key: libgcrypt's where the system has it, and it does as the Java one does.
     *
     * @throws IllegalArgumentException when the key has not {@link #keyLength()} bytes.
     */
    public AeadCipher newCipher(byte[] key) {
        if (key.length != keyLength) {
            throw new IllegalArgumentException(wireName + " takes a key of " + keyLength + " bytes, not " + key.length);
        }
        return isNative() ? new NativeAead(nativeAlgorithm, key) : javaCipher.apply(key);
    }

    /** @throws IllegalArgumentException when no suite has this number; the message names the choices. */
    public static Suite ofWireNumber(int wireNumber) {
        for (Suite suite : values()) {
            if (suite.wireNumber == wireNumber) {
                return suite;
            }
        }
        throw new IllegalArgumentException("no suite has the number " + wireNumber + "; the suites are " + choices());
    }

    /** @throws IllegalArgumentException when no suite has this name; the message names the choices. */
    public static Suite ofName(String name) {
        for (Suite suite : values()) {
            if (suite.wireName.equals(name)) {
                return suite;
            }
        }
        throw new IllegalArgumentException("no suite is called \"" + name + "\"; the suites are " + choices());
    }

    private static String choices() {
        return Arrays.stream(values()).map(suite -> suite.wireName + " (" + suite.wireNumber + ")")
            .collect(Collectors.joining(", "));
    }
}
