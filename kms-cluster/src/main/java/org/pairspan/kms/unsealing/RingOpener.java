package org.pairspan.kms.unsealing;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.pairspan.kms.config.SealingSettings;
import org.pairspan.kms.journal.Journal;
import org.pairspan.kms.sealing.Argon2Settings;
import org.pairspan.kms.sealing.LocalMasterKey;
import org.pairspan.kms.sealing.MasterKey;
import org.pairspan.kms.sealing.MasterKeyProvider;
import org.pairspan.kms.sealing.OldCheckValue;
import org.pairspan.kms.sealing.Passphrase;
import org.pairspan.kms.sealing.ProviderKind;
import org.pairspan.kms.sealing.RingVault;
import org.pairspan.kms.sealing.SealingException;
import org.pairspan.kms.sealing.SealingRing;
import org.pairspan.kms.sealing.TokenMasterKey;
import org.pairspan.kms.sealing.Wrapping;
import org.pairspan.runtime.config.ConfigurationException;

/**
 * Opens a journal's ring with a master key, and makes the ring where the journal has none: a new one, or, in a journal begun before there
 * were rings, one with its master key.
 */
final class RingOpener {

    static final String SETTING = "pairspan.kms.sealing";

    private static final String OLD_CHECK = "sealing-check";
    private static final String OLD_SALT = "passphrase-salt";

    private final SealingSettings settings;
    private final Journal journal;
    private final RingVault vault;
    private final SecureRandom random;

    RingOpener(SealingSettings settings, Journal journal, RingVault vault, SecureRandom random) {
        this.settings = settings;
        this.journal = journal;
        this.vault = vault;
        this.random = random;
    }

    /** @throws ConfigurationException where the journal's ring is not wrapped by the provider of the settings */
    void requireConfiguredProvider() {
        Optional<Wrapping> wrapping = vault.wrapping();
        if (wrapping.isPresent() && wrapping.get().kind() != settings.provider()) {
            throw new ConfigurationException(SETTING + ".provider", settings.provider().configName(),
                    "must be " + wrapping.get().kind().configName() + ": the keys of this journal have " + wrapping.get(),
                    "the master key was rotated; give this server the settings of the new one, as the other key servers have them");
        }
        if (wrapping.isEmpty() && isOld() && settings.provider() != ProviderKind.FILE && settings.provider() != ProviderKind.PASSPHRASE) {
            throw new ConfigurationException(SETTING + ".provider", settings.provider().configName(),
                    "must be file or passphrase, with which this journal was begun",
                    "start with that once, then change it by `pairspan ctl master-key rotate`");
        }
    }

    /**
     * Opens the ring with what the settings name.
     *
     * @throws ConfigurationException where it is another master key than the journal's
     */
    void openByItself(SealingRing ring) {
        try {
            open(this::configuredProvider, ring);
        } catch (SealingException e) {
            throw new ConfigurationException(configuredSetting(), "(not shown)",
                    "must give the master key of this journal: " + vault.wrapping().map(Wrapping::toString).orElse("it was begun with another"),
                    "use the same master key at every key server of this journal; where it was rotated, the new one: " + e.getMessage(), e);
        }
    }

    /**
     * Opens the ring, and makes it before where there is none.
     *
     * @param providers gives the master key, with what the journal has for it at that moment
     * @throws SealingException where it is another master key than the journal's
     */
    void open(Supplier<MasterKeyProvider> providers, SealingRing ring) {
        try (MasterKeyProvider provider = providers.get()) {
            if (vault.wrapping().isEmpty()) {
                makeRing(provider);
            }
            if (hasJournalsParameters(provider)) {
                vault.open(provider, ring);
                return;
            }
        }
        // Another server made the ring in that moment, with a salt of its own.
        try (MasterKeyProvider provider = providers.get()) {
            vault.open(provider, ring);
        }
    }

    /** Whether the journal has no keys yet, so that whatever master key is given becomes its own. */
    boolean isNew() {
        return vault.wrapping().isEmpty() && !isOld();
    }

    /** The provider of the settings, with what the journal has for it. */
    MasterKeyProvider configuredProvider() {
        return switch (settings.provider()) {
            case FILE -> new LocalMasterKey(ProviderKind.FILE, new byte[0], MasterKey.read(configuredSetting(), settings.masterKeyFile()),
                    settings.algorithm(), random);
            case PASSPHRASE -> {
                byte[] passphrase = Passphrase.read(configuredSetting(), settings.passphraseFile());
                try {
                    yield fromPassphrase(passphrase);
                } finally {
                    Arrays.fill(passphrase, (byte) 0);
                }
            }
            case PKCS11 -> TokenMasterKey.open(settings.token(), random);
            case SHARES -> throw new IllegalStateException("the master key was changed; start this key server anew with the settings of the new one");
        };
    }

    /** The master key of a passphrase, as this journal derives it. */
    MasterKeyProvider fromPassphrase(byte[] passphrase) {
        Argon2Settings argon2 = vault.wrapping().filter(wrapping -> wrapping.kind() == ProviderKind.PASSPHRASE)
                .map(wrapping -> Argon2Settings.parse(wrapping.parameters()))
                .or(() -> journal.sharedValue(OLD_SALT).map(Argon2Settings::withSalt))
                .orElseGet(() -> Argon2Settings.create(random));
        return new LocalMasterKey(ProviderKind.PASSPHRASE, argon2.bytes(), argon2.derive(passphrase), settings.algorithm(), random);
    }

    private String configuredSetting() {
        return SETTING + switch (settings.provider()) {
            case FILE -> ".master-key-file";
            case PASSPHRASE -> ".passphrase-file";
            case PKCS11 -> ".pkcs11.key-label";
            case SHARES -> ".provider";
        };
    }

    private boolean isOld() {
        return journal.sharedValue(OLD_CHECK).isPresent();
    }

    private boolean hasJournalsParameters(MasterKeyProvider provider) {
        return provider.kind() != ProviderKind.PASSPHRASE
                || vault.wrapping().filter(wrapping -> Arrays.equals(wrapping.parameters(), provider.parameters())).isPresent();
    }

    private void makeRing(MasterKeyProvider provider) {
        Optional<byte[]> check = journal.sharedValue(OLD_CHECK);
        if (check.isEmpty()) {
            vault.create(provider);
        } else if (provider instanceof LocalMasterKey local) {
            OldCheckValue.requireOpensBy(local, check.get());
            vault.adopt(local);
        } else {
            throw new IllegalStateException("a journal of old has a master key of its own");
        }
    }
}
