package org.pairspan.protocol.crypto;

import java.util.function.Supplier;
import org.bouncycastle.crypto.ExtendedDigest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/** A hash that keys are derived with; both have 32 bytes of output. */
public enum HashAlgorithm {
    /** FIPS 180-4. */
    SHA_256(SHA256Digest::new),
    /** GB/T 32905-2016. */
    SM3(SM3Digest::new);

    /** Bytes of output. */
    public static final int LENGTH = 32;

    private final Supplier<ExtendedDigest> digest;

    HashAlgorithm(Supplier<ExtendedDigest> digest) {
        this.digest = digest;
    }

    /** HMAC (RFC 2104) of the parts, one after the other, under the key; 32 bytes. */
    public byte[] hmac(byte[] key, byte[]... parts) {
        HMac hmac = new HMac(digest.get());
        hmac.init(new KeyParameter(key));
        for (byte[] part : parts) {
            hmac.update(part, 0, part.length);
        }
        byte[] result = new byte[LENGTH];
        hmac.doFinal(result, 0);
        return result;
    }
}
