package org.pairspan.protocol.crypto;

import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/** SM4-GCM (RFC 8998) of Bouncy Castle. The key schedule is made once; a packet only brings its nonce. */
final class Sm4Gcm extends HeapAead {
    private final GCMModeCipher cipher = GCMBlockCipher.newInstance(new SM4Engine());

    Sm4Gcm(byte[] key) {
        // Opening never refuses a nonce, so this throw-away nonce restricts nothing.
        cipher.init(false, new AEADParameters(new KeyParameter(key), 8 * TAG_LENGTH, new byte[NONCE_LENGTH]));
    }

    @Override
    void sealArray(byte[] nonce, byte[] associatedData, byte[] in, int inIndex, int length, byte[] out, int outIndex) {
        try {
            cipher.init(true, new AEADParameters(null, 8 * TAG_LENGTH, nonce, associatedData));
            int written = cipher.processBytes(in, inIndex, length, out, outIndex);
            cipher.doFinal(out, outIndex + written);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("sealing cannot meet a wrong tag", e);
        }
    }

    @Override
    boolean openArray(byte[] nonce, byte[] associatedData, byte[] in, int inIndex, int length, byte[] out, int outIndex) {
        try {
            cipher.init(false, new AEADParameters(null, 8 * TAG_LENGTH, nonce, associatedData));
            int written = cipher.processBytes(in, inIndex, length, out, outIndex);
            cipher.doFinal(out, outIndex + written);
            return true;
        } catch (InvalidCipherTextException e) {
            return false;
        }
    }

    @Override
    void destroyKey() {
        // Bouncy Castle cannot wipe a key schedule; another key in its place leaves the old one to the garbage collector.
        cipher.init(false, new AEADParameters(new KeyParameter(new byte[16]), 8 * TAG_LENGTH, new byte[NONCE_LENGTH]));
    }
}
