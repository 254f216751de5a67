package org.pairspan.kms.unsealing;

/**
 * Sealing and unsealing of a key server, {@code org.pairspan:type=Sealing,name=<server>}. Operations name their operator first, as
 * {@code pairspan ctl} does, and are audited before they take effect. Secrets go in, and never come out; they are wiped here, and the
 * caller's to wipe there. An {@link IllegalArgumentException} tells that what was given is refused, an {@link IllegalStateException} that it
 * cannot be done now.
 */
public interface SealingMXBean {

    /** {@code sealed} or {@code unsealed}. */
    String getState();

    /** Who keeps the master key: {@code file}, {@code passphrase}, {@code pkcs11} or {@code shares}. */
    String getProvider();

    /** What {@link #unseal} needs next: {@code nothing}, {@code passphrase}, {@code new passphrase} or {@code share}. */
    String getNeeds();

    /** What changing the master key needs beside the new one: {@code nothing}, {@code passphrase} or {@code shares}. */
    String getNeedsForRotation();

    /** Such as {@code 1 of 2}; empty where no share was given. */
    String getSharesGiven();

    /** Wrong attempts to unseal since the start. */
    long getFailedAttempts();

    /** Keys of the ring; 0 while sealed. */
    int getRingKeys();

    /** Number of the ring key that seals now; 0 while sealed. */
    int getActiveRingKeyNumber();

    /** How the ring is wrapped, such as {@code wrapping 2, by shares, since 2026-01-31T12:00:00Z}; empty for a new journal. */
    String getWrapping();

    /**
     * Gives a passphrase or a share; nothing where the server reads its master key itself.
     *
     * @param secret ASCII or UTF-8
     * @return what came of it, for the operator
     */
    String unseal(String operator, byte[] secret);

    /** Forgets all keys, and stops serving; the server waits to be unsealed again. */
    String seal(String operator);

    /** Adds a key to the ring: it seals what is stored from now on, at all servers of the journal within seconds. */
    String rotateRing(String operator);

    /**
     * Wraps the ring by the master key in a file of this machine.
     *
     * @param current what {@link #getNeedsForRotation} says; shares with semicolons between them
     * @param file    absolute path
     */
    String rotateToFile(String operator, byte[] current, String file);

    /** The same by a passphrase of 16 bytes or more. */
    String rotateToPassphrase(String operator, byte[] current, byte[] passphrase);

    /** The same by the master key of new shares, as many of them as are needed to give it, with semicolons between them. */
    String rotateToShares(String operator, byte[] current, byte[] shares);

    /**
     * The same by a key in a token.
     *
     * @param slot    a number, or empty for the first
     * @param pinFile absolute path
     */
    String rotateToToken(String operator, byte[] current, String library, String slot, String keyLabel, String pinFile);
}
