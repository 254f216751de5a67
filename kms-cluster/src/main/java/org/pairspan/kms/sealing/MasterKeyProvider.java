package org.pairspan.kms.sealing;

/**
 * Has the master key for as long as it is open: wraps the root key of a sealing ring, and unwraps it. For one thread. {@link #close} wipes
 * what it holds.
 */
public interface MasterKeyProvider extends AutoCloseable {

    /** Who keeps the key. */
    ProviderKind kind();

    /** What is needed to find or derive the key again, beside the secret itself; stands with the wrapped ring, in clear. */
    byte[] parameters();

    /**
     * Encrypts with authentication.
     *
     * @param associated bytes that are authenticated with it
     * @throws SealingException where the provider cannot
     */
    byte[] wrap(byte[] key, byte[] associated);

    /**
     * @return the key, the caller's to wipe
     * @throws SealingException where it was wrapped by another master key, or with other associated bytes
     */
    byte[] unwrap(byte[] wrapped, byte[] associated);

    @Override
    void close();
}
