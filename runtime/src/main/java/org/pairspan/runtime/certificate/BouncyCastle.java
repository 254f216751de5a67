package org.pairspan.runtime.certificate;

import java.security.Provider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** The one instance of Bouncy Castle's provider. It is not registered with the JVM: whoever wants it names it. */
public final class BouncyCastle {
    public static final Provider PROVIDER = new BouncyCastleProvider();

    private BouncyCastle() {
    }
}
