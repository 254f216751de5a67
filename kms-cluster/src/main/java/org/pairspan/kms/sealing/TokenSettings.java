package org.pairspan.kms.sealing;

import java.nio.file.Path;

/**
 * Where the master key lies in a PKCS #11 token.
 *
 * @param library  the token's PKCS #11 library
 * @param slot     the slot's number; null for the first of the library's list
 * @param keyLabel of the AES-256 key
 * @param pinFile  holds the user's PIN, mode 600
 */
public record TokenSettings(Path library, Long slot, String keyLabel, Path pinFile) {
}
