package org.pairspan.protocol.crypto;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.function.Function;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;

/** AES-GCM and ChaCha20-Poly1305 of the JDK. Each packet initialises the cipher anew, because each has its own nonce. */
final class JcaAead extends HeapAead {
    private final Cipher cipher;
    private final WipeableKey key;
    private final Function<byte[], AlgorithmParameterSpec> parameters;

    private JcaAead(String transformation, WipeableKey key, Function<byte[], AlgorithmParameterSpec> parameters) {
        try {
            this.cipher = Cipher.getInstance(transformation);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + transformation, e);
        }
        this.key = key;
        this.parameters = parameters;
    }

    static JcaAead aesGcm(byte[] key) {
        return new JcaAead("AES/GCM/NoPadding", new WipeableKey(key, "AES"),
            nonce -> new GCMParameterSpec(8 * TAG_LENGTH, nonce));
    }

    static JcaAead chaCha20Poly1305(byte[] key) {
        return new JcaAead("ChaCha20-Poly1305", new WipeableKey(key, "ChaCha20"), IvParameterSpec::new);
    }

    @Override
    void sealArray(byte[] nonce, byte[] associatedData, byte[] in, int inIndex, int length, byte[] out, int outIndex) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, parameters.apply(nonce));
            cipher.updateAAD(associatedData);
            cipher.doFinal(in, inIndex, length, out, outIndex);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing failed, which only a nonce given twice can cause", e);
        }
    }

    @Override
    boolean openArray(byte[] nonce, byte[] associatedData, byte[] in, int inIndex, int length, byte[] out, int outIndex) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, parameters.apply(nonce));
            cipher.updateAAD(associatedData);
            cipher.doFinal(in, inIndex, length, out, outIndex);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("opening failed for a reason other than the tag", e);
        }
    }

    @Override
    void destroyKey() {
        key.destroy();
    }
}
