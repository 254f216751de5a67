package org.pairspan.kms.sealing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.AuthProvider;
import java.security.GeneralSecurityException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.SecureRandom;
import java.security.Security;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.security.auth.login.LoginException;
import org.pairspan.runtime.config.ConfigurationException;

/**
 * A master key that lies in a PKCS #11 token and never leaves it: AES-256-GCM computed by the token (CKM_AES_GCM), through the JDK's
 * SunPKCS11. Wraps as nonce (12 bytes), ciphertext, tag (16). Logged in from {@link #open} to {@link #close}.
 */
public final class TokenMasterKey implements MasterKeyProvider {

    private static final String SETTING = "pairspan.kms.sealing.pkcs11";
    private static final int KEY_BITS = 256;

    private final Provider token;
    private final Key key;
    private final String label;
    private final SecureRandom random;

    private TokenMasterKey(Provider token, Key key, String label, SecureRandom random) {
        this.token = token;
        this.key = key;
        this.label = label;
        this.random = random;
    }

    /**
     * Logs in and finds the key.
     *
     * @throws ConfigurationException where the library, the token, the PIN or the key is not usable
     */
    public static TokenMasterKey open(TokenSettings settings, SecureRandom random) {
        Provider token = provider(settings);
        boolean opened = false;
        try {
            Key key = keys(token, settings).getKey(settings.keyLabel(), null);
            if (key == null) {
                throw new ConfigurationException(SETTING + ".key-label", settings.keyLabel(), "the token has a secret key of this label",
                        "make it with `pairspan pki master-key --pkcs11-library ...`, or correct label or slot");
            }
            opened = true;
            return new TokenMasterKey(token, key, settings.keyLabel(), random);
        } catch (GeneralSecurityException e) {
            throw unusable(settings, e);
        } finally {
            if (!opened) {
                logOut(token);
            }
        }
    }

    /**
     * Makes a new key in the token: AES, 256 bits, sensitive, never extractable.
     *
     * @throws ConfigurationException where it cannot, or there is one of this label
     */
    public static void create(TokenSettings settings) {
        Provider token = provider(settings);
        try {
            KeyStore keys = keys(token, settings);
            if (keys.containsAlias(settings.keyLabel())) {
                throw new ConfigurationException(SETTING + ".key-label", settings.keyLabel(), "the token has no key of this label yet",
                        "choose another label");
            }
            KeyGenerator generator = KeyGenerator.getInstance("AES", token);
            generator.init(KEY_BITS);
            SecretKey key = generator.generateKey();
            keys.setKeyEntry(settings.keyLabel(), key, null, null);
        } catch (GeneralSecurityException | ProviderException e) {
            throw unusable(settings, e);
        } finally {
            logOut(token);
        }
    }

    private static Provider provider(TokenSettings settings) {
        if (!Files.isReadable(settings.library())) {
            throw new ConfigurationException(SETTING + ".library", settings.library().toString(), "must be a library this process can read",
                    "install the token's PKCS #11 library, or correct the path");
        }
        String slot = settings.slot() == null ? "slotListIndex = 0" : "slot = " + settings.slot();
        String configuration = """
                --name = pairspan
                library = %s
                %s
                attributes(generate, CKO_SECRET_KEY, *) = {
                  CKA_TOKEN = true
                  CKA_SENSITIVE = true
                  CKA_EXTRACTABLE = false
                  CKA_ENCRYPT = true
                  CKA_DECRYPT = true
                }
                """.formatted(settings.library(), slot);
        try {
            return Security.getProvider("SunPKCS11").configure(configuration);
        } catch (InvalidParameterException | ProviderException | UnsupportedOperationException e) {
            throw unusable(settings, e);
        }
    }

    private static KeyStore keys(Provider token, TokenSettings settings) throws GeneralSecurityException {
        byte[] bytes = SecretFile.readLine(SETTING + ".pin-file", settings.pinFile());
        char[] pin = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            pin[i] = (char) (bytes[i] & 0xff);
        }
        Arrays.fill(bytes, (byte) 0);
        try {
            KeyStore keys = KeyStore.getInstance("PKCS11", token);
            keys.load(null, pin);
            return keys;
        } catch (IOException e) {
            throw new ConfigurationException(SETTING + ".pin-file", settings.pinFile().toString(), "must hold the PIN of the token's user",
                    "correct the PIN; a token locks itself after a few wrong ones: " + reason(e), e);
        } finally {
            Arrays.fill(pin, '\0');
        }
    }

    private static ConfigurationException unusable(TokenSettings settings, Exception e) {
        return new ConfigurationException(SETTING, settings.library() + ", " + (settings.slot() == null ? "first slot" : "slot " + settings.slot()),
                "must be a token with an AES-256 key that computes AES-GCM (CKM_AES_GCM)", "check library, slot and token: " + reason(e), e);
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    @Override
    public ProviderKind kind() {
        return ProviderKind.PKCS11;
    }

    /** The key's label, UTF-8. */
    @Override
    public byte[] parameters() {
        return label.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] wrap(byte[] plaintext, byte[] associated) {
        byte[] nonce = new byte[AuthenticatedCipher.NONCE_LENGTH];
        random.nextBytes(nonce);
        try {
            byte[] encrypted = compute(Cipher.ENCRYPT_MODE, nonce, associated, plaintext, 0);
            byte[] wrapped = Arrays.copyOf(nonce, nonce.length + encrypted.length);
            System.arraycopy(encrypted, 0, wrapped, nonce.length, encrypted.length);
            return wrapped;
        } catch (GeneralSecurityException | ProviderException e) {
            throw new SealingException("the token does not wrap: " + reason(e), e);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] associated) {
        if (wrapped.length < AuthenticatedCipher.NONCE_LENGTH + AuthenticatedCipher.TAG_LENGTH) {
            throw new SealingException("the wrapped root key is cut short: " + wrapped.length + " bytes");
        }
        byte[] nonce = Arrays.copyOf(wrapped, AuthenticatedCipher.NONCE_LENGTH);
        try {
            return compute(Cipher.DECRYPT_MODE, nonce, associated, wrapped, nonce.length);
        } catch (GeneralSecurityException | ProviderException e) {
            throw new SealingException("the sealing ring does not open under the token's key " + label, e);
        }
    }

    private byte[] compute(int mode, byte[] nonce, byte[] associated, byte[] input, int offset) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", token);
        cipher.init(mode, key, new GCMParameterSpec(AuthenticatedCipher.TAG_LENGTH * Byte.SIZE, nonce));
        cipher.updateAAD(associated);
        return cipher.doFinal(input, offset, input.length - offset);
    }

    /** Logs out; the key stays in the token. */
    @Override
    public void close() {
        logOut(token);
    }

    private static void logOut(Provider token) {
        if (token instanceof AuthProvider login) {
            try {
                login.logout();
            } catch (LoginException e) {
                throw new SealingException("the token does not log out: " + reason(e), e);
            }
        }
    }

    @Override
    public String toString() {
        return "TokenMasterKey[" + label + ']';
    }
}
