package org.pairspan.protocol.crypto;

import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** SM4-GCM (RFC 8998) of Bouncy Castle. The key schedule is made once; a packet only brings its nonce. */
final class BouncyCastleSm4Gcm extends HeapAead {
    private final GCMModeCipher cipher = GCMBlockCipher.newInstance(new SM4Engine());
    private final KeyParameter key;
    private boolean keyScheduled;

    BouncyCastleSm4Gcm(byte[] key) {
        this.key = new KeyParameter(key);
    }

    @Override
    void sealArray(byte[] nonce, byte[] associatedData, byte[] in, int inIndex, int length, byte[] out, int outIndex) {
        try {
            cipher.init(true, parameters(nonce, associatedData));
            int written = cipher.processBytes(in, inIndex, length, out, outIndex);
            cipher.doFinal(out, outIndex + written);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("sealing cannot meet a wrong tag", e);
        }
    }

    @Override
    boolean openArray(byte[] nonce, byte[] associatedData, byte[] in, int inIndex, int length, byte[] out, int outIndex) {
        try {
            cipher.init(false, parameters(nonce, associatedData));
            int written = cipher.processBytes(in, inIndex, length, out, outIndex);
            cipher.doFinal(out, outIndex + written);
            return true;
        } catch (InvalidCipherTextException e) {
            return false;
        }
    }

    @Override
    void destroyKey() {
        // The cipher refers to this array. It cannot wipe its key schedule, so another one takes the place of that.
        Arrays.fill(key.getKey(), (byte) 0);
        cipher.init(false, new AEADParameters(key, 8 * TAG_LENGTH, new byte[NONCE_LENGTH]));
    }

    /** With the first packet goes the key; later ones leave it as it is, which saves its schedule and the tables of GHASH. */
    private AEADParameters parameters(byte[] nonce, byte[] associatedData) {
        AEADParameters parameters = new AEADParameters(keyScheduled ? null : key, 8 * TAG_LENGTH, nonce, associatedData);
        keyScheduled = true;
        return parameters;
    }
}
