package org.pairspan.kms.config;

import java.nio.file.Path;
import org.pairspan.kms.sealing.ProviderKind;
import org.pairspan.kms.sealing.SealingAlgorithm;
import org.pairspan.kms.sealing.TokenSettings;
import org.pairspan.runtime.config.Settings;

/**
 * Who keeps the master key, and how keys are sealed.
 *
 * @param masterKeyFile  of provider {@code file}, else null
 * @param passphraseFile of provider {@code passphrase}; null there where operators type it
 * @param token          of provider {@code pkcs11}, else null
 */
public record SealingSettings(ProviderKind provider, Path masterKeyFile, Path passphraseFile, TokenSettings token,
        SealingAlgorithm algorithm) {

    private static final String KEY_FILE = "master-key-file";
    private static final String PASSPHRASE_FILE = "passphrase-file";

    /** Whether a server waits for operators after its start. */
    public boolean needsOperators() {
        return provider == ProviderKind.SHARES || provider == ProviderKind.PASSPHRASE && passphraseFile == null;
    }

    static SealingSettings read(Settings settings) {
        ProviderKind provider = provider(settings);
        requireOnly(settings, KEY_FILE, provider == ProviderKind.FILE, provider);
        requireOnly(settings, PASSPHRASE_FILE, provider == ProviderKind.PASSPHRASE, provider);
        if (provider == ProviderKind.FILE && !settings.has(KEY_FILE)) {
            throw settings.invalid(KEY_FILE, "(missing)", "must be given with provider = file");
        }
        return new SealingSettings(provider, provider == ProviderKind.FILE ? settings.path(KEY_FILE) : null,
                settings.has(PASSPHRASE_FILE) ? settings.path(PASSPHRASE_FILE) : null,
                provider == ProviderKind.PKCS11 ? token(settings.at("pkcs11")) : null, settings.enumOf("algorithm", SealingAlgorithm.class));
    }

    private static ProviderKind provider(Settings settings) {
        if (settings.has("provider")) {
            return settings.enumOf("provider", ProviderKind.class);
        }
        boolean byKey = settings.has(KEY_FILE);
        if (byKey == settings.has(PASSPHRASE_FILE)) {
            throw settings.invalid(KEY_FILE, byKey ? "(both given)" : "(neither given)",
                    "exactly one of master-key-file and passphrase-file must be given, or provider = pkcs11, shares or passphrase");
        }
        return byKey ? ProviderKind.FILE : ProviderKind.PASSPHRASE;
    }

    private static void requireOnly(Settings settings, String path, boolean fits, ProviderKind provider) {
        if (!fits && settings.has(path)) {
            throw settings.invalid(path, "(given)", "must not be given with provider = " + provider.configName());
        }
    }

    private static TokenSettings token(Settings settings) {
        return new TokenSettings(settings.path("library"), settings.has("slot") ? settings.count("slot", 0, Long.MAX_VALUE) : null,
                settings.string("key-label"), settings.path("pin-file"));
    }
}
