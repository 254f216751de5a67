package org.pairspan.runtime.tls;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import org.bouncycastle.jcajce.util.JcaJceHelper;
import org.bouncycastle.jcajce.util.ProviderJcaJceHelper;
import org.bouncycastle.tls.crypto.impl.jcajce.JcaTlsCryptoProvider;
import org.pairspan.runtime.certificate.BouncyCastle;

/**
 * The cryptography of TLS: Bouncy Castle's, but AES-GCM, which protects records, from Java itself, where the processor's instructions for it
 * are used.
 */
final class RecordCrypto extends JcaTlsCryptoProvider {

    private static final String AES_GCM = "AES/GCM/NoPadding";
    private static final String JAVA = "SunJCE";

    RecordCrypto() {
        setProvider(BouncyCastle.PROVIDER);
    }

    @Override
    public JcaJceHelper getHelper() {
        Provider java = Security.getProvider(JAVA);
        return java == null ? super.getHelper() : new Helper(java);
    }

    private static final class Helper extends ProviderJcaJceHelper {
        private final Provider java;

        private Helper(Provider java) {
            super(BouncyCastle.PROVIDER);
            this.java = java;
        }

        @Override
        public Cipher createCipher(String algorithm) throws NoSuchAlgorithmException, NoSuchPaddingException {
            return algorithm.equals(AES_GCM) ? Cipher.getInstance(algorithm, java) : super.createCipher(algorithm);
        }
    }
}
