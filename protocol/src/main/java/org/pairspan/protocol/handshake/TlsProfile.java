package org.pairspan.protocol.handshake;

import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.PRFAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.pairspan.protocol.crypto.Suite;

/** The one TLS suite that belongs to a suite of the security association, and the hash of its key schedule. */
enum TlsProfile {
    /** SHA-384, so that the exporter is no weaker than the 256-bit keys that it makes. */
    AES_256_GCM(Suite.AES_256_GCM, CipherSuite.TLS_AES_256_GCM_SHA384, PRFAlgorithm.tls13_hkdf_sha384),
    CHACHA20_POLY1305(Suite.CHACHA20_POLY1305, CipherSuite.TLS_CHACHA20_POLY1305_SHA256, PRFAlgorithm.tls13_hkdf_sha256),
    /** RFC 8998. */
    SM4_GCM(Suite.SM4_GCM, CipherSuite.TLS_SM4_GCM_SM3, PRFAlgorithm.tls13_hkdf_sm3);

    private final Suite suite;
    private final int cipherSuite;
    private final int prfAlgorithm;

    TlsProfile(Suite suite, int cipherSuite, int prfAlgorithm) {
        this.suite = suite;
        this.cipherSuite = cipherSuite;
        this.prfAlgorithm = prfAlgorithm;
    }

    static TlsProfile of(Suite suite) {
        for (TlsProfile profile : values()) {
            if (profile.suite == suite) {
                return profile;
            }
        }
        throw new IllegalArgumentException("no TLS suite belongs to " + suite.wireName());
    }

    int[] cipherSuites() {
        return new int[] {cipherSuite};
    }

    int prfAlgorithm() {
        return prfAlgorithm;
    }

    static ProtocolVersion[] versions() {
        return ProtocolVersion.TLSv13.only();
    }
}
