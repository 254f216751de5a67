package org.pairspan.kms.unsealing;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.Supplier;
import org.pairspan.kms.audit.Administration;
import org.pairspan.kms.audit.AuditRecord.Event;
import org.pairspan.kms.config.SealingSettings;
import org.pairspan.kms.sealing.Argon2Settings;
import org.pairspan.kms.sealing.LocalMasterKey;
import org.pairspan.kms.sealing.MasterKey;
import org.pairspan.kms.sealing.MasterKeyProvider;
import org.pairspan.kms.sealing.ProviderKind;
import org.pairspan.kms.sealing.RingVault;
import org.pairspan.kms.sealing.SealingException;
import org.pairspan.kms.sealing.SealingRing;
import org.pairspan.kms.sealing.ShareSet;
import org.pairspan.kms.sealing.TokenMasterKey;
import org.pairspan.kms.sealing.TokenSettings;
import org.pairspan.kms.sealing.Wrapping;
import org.pairspan.runtime.config.ConfigurationException;

/**
 * Changes the master key or the ring of a server that is unsealed. Where people keep the master key, they have to give it: whoever can only
 * attach to the process does not take it from them. For one thread at a time.
 */
final class MasterKeyChange {

    private static final String NOTHING = "nothing";

    private final RingOpener opener;
    private final RingVault vault;
    private final SealingRing ring;
    private final SealingSettings settings;
    private final Administration administration;
    private final AttemptLimit limit;
    private final InstantSource clock;
    private final SecureRandom random;

    MasterKeyChange(RingOpener opener, RingVault vault, SealingRing ring, SealingSettings settings, Administration administration,
            AttemptLimit limit, InstantSource clock, SecureRandom random) {
        this.opener = opener;
        this.vault = vault;
        this.ring = ring;
        this.settings = settings;
        this.administration = administration;
        this.limit = limit;
        this.clock = clock;
        this.random = random;
    }

    /** See {@link SealingMXBean#getNeedsForRotation}. */
    String needs() {
        ProviderKind kind = vault.wrapping().map(Wrapping::kind).orElse(settings.provider());
        return switch (kind) {
            case FILE, PKCS11 -> NOTHING;
            case PASSPHRASE -> settings.passphraseFile() == null ? "passphrase" : NOTHING;
            case SHARES -> "shares";
        };
    }

    String addRingKey(String operator) {
        requireOpen();
        administration.record(Event.MASTER_KEY_ROTATED, operator, null, "a key is added to the sealing ring");
        int number = failures(() -> vault.addKey(ring));
        return "ring key " + number + " seals what is stored from now on; the older ones stay for what they sealed";
    }

    String toFile(String operator, byte[] current, Path file) {
        return rewrap(operator, current, "file " + file,
                () -> local(ProviderKind.FILE, new byte[0], MasterKey.read("new master key", file)));
    }

    String toPassphrase(String operator, byte[] current, byte[] passphrase) {
        try {
            PassphraseRule.require(passphrase);
            Argon2Settings argon2 = Argon2Settings.create(random);
            return rewrap(operator, current, "passphrase", () -> local(ProviderKind.PASSPHRASE, argon2.bytes(), argon2.derive(passphrase)));
        } finally {
            Arrays.fill(current, (byte) 0);
            Arrays.fill(passphrase, (byte) 0);
        }
    }

    String toShares(String operator, byte[] current, byte[] typed) {
        try {
            return rewrap(operator, current, "shares", () -> fromShares(typed));
        } finally {
            Arrays.fill(typed, (byte) 0);
        }
    }

    String toToken(String operator, byte[] current, Path library, String slot, String keyLabel, Path pinFile) {
        Long number = slot.isEmpty() ? null : Long.valueOf(slot);
        return rewrap(operator, current, "key " + keyLabel + " of a token",
                () -> TokenMasterKey.open(new TokenSettings(library, number, keyLabel, pinFile), random));
    }

    private String rewrap(String operator, byte[] current, String what, Supplier<MasterKeyProvider> fresh) {
        try {
            requireOpen();
            requireAuthority(operator, current);
            return failures(() -> {
                try (MasterKeyProvider provider = fresh.get()) {
                    administration.record(Event.MASTER_KEY_ROTATED, operator, null, "the sealing ring is wrapped anew, by " + what);
                    Wrapping wrapping = vault.rewrap(ring, provider);
                    return "the sealing ring has " + wrapping + ". Every key server goes on working; give each the settings of the new master "
                            + "key before its next start";
                }
            });
        } finally {
            Arrays.fill(current, (byte) 0);
        }
    }

    private void requireAuthority(String operator, byte[] current) {
        String needed = needs();
        if (needed.equals(NOTHING)) {
            return;
        }
        limit.requirePauseIsOver();
        try (MasterKeyProvider now = needed.equals("shares") ? fromShares(current) : opener.fromPassphrase(current)) {
            if (vault.opensBy(now)) {
                limit.succeeded();
                return;
            }
        }
        limit.failed();
        administration.record(Event.MASTER_KEY_ROTATED, operator, null, "refused: the current master key was not given");
        throw new IllegalArgumentException("the current " + needed + " given are not those of this journal");
    }

    private MasterKeyProvider fromShares(byte[] typed) {
        ShareCollection shares = ShareCollection.of(typed, clock);
        return local(ProviderKind.SHARES, shares.set().bytes(), shares.combine());
    }

    private MasterKeyProvider local(ProviderKind kind, byte[] parameters, byte[] key) {
        return new LocalMasterKey(kind, parameters, key, settings.algorithm(), random);
    }

    private void requireOpen() {
        if (!ring.isOpen()) {
            throw new IllegalStateException("this key server is sealed; unseal it first");
        }
    }

    /** Only classes of the platform reach a JMX client, so what failed goes in words. */
    private static <T> T failures(Supplier<T> work) {
        try {
            return work.get();
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException(e.getMessage());
        } catch (SealingException e) {
            throw new IllegalStateException(e.getMessage());
        }
    }
}
