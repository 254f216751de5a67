package org.pairspan.kms.sealing;

/** How keys are sealed. What is stored names its algorithm, so that a changed configuration still opens what is there. */
public enum SealingAlgorithm {

    /** AES-256-GCM of the JDK, subkeys by HKDF with SHA-256. */
    AES_256_GCM(1, "aes-256-gcm", 32),
    /** SM4-GCM of Bouncy Castle, subkeys by HKDF with SM3. */
    SM4_GCM(2, "sm4-gcm", 16);

    private final byte number;
    private final String configName;
    private final int keyLength;

    SealingAlgorithm(int number, String configName, int keyLength) {
        this.number = (byte) number;
        this.configName = configName;
        this.keyLength = keyLength;
    }

    /** First byte of what it seals. */
    byte number() {
        return number;
    }

    /** Key length, bytes. */
    int keyLength() {
        return keyLength;
    }

    /** Name in the configuration. */
    public String configName() {
        return configName;
    }

    static SealingAlgorithm ofNumber(byte number) {
        for (SealingAlgorithm algorithm : values()) {
            if (algorithm.number == number) {
                return algorithm;
            }
        }
        throw new SealingException("sealed by an algorithm this version does not know: " + number);
    }
}
