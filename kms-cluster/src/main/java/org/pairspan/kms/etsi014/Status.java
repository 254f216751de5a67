package org.pairspan.kms.etsi014;

/**
 * Status data format (clause 6.1). Sizes in bits.
 *
 * @param storedKeyCount     keys the KME can deliver now
 * @param maxKeyCount        the most that can ever be
 * @param maxSaeIdCount      most {@code additional_slave_SAE_IDs}
 */
public record Status(String sourceKme, String targetKme, String masterSae, String slaveSae, int keySize, int storedKeyCount,
        int maxKeyCount, int maxKeyPerRequest, int maxKeySize, int minKeySize, int maxSaeIdCount) {
}
