package org.pairspan.protocol.handshake;

import java.io.IOException;
import java.util.Vector;
import java.util.function.Consumer;
import org.bouncycastle.tls.AbstractTlsServer;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.PskIdentity;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.crypto.TlsCrypto;

/** A TLS server that knows one suite, one group and one key, and has no certificate. */
final class PskServer extends AbstractTlsServer {
    private final TlsProfile profile;
    private final int namedGroup;
    private final TlsPSKExternal key;
    private final Consumer<TlsContext> completion;

    PskServer(TlsCrypto crypto, HandshakeParameters parameters, TlsPSKExternal key, Consumer<TlsContext> completion) {
        super(crypto);
        this.profile = TlsProfile.of(parameters.suite());
        this.namedGroup = parameters.keyExchange().namedGroup();
        this.key = key;
        this.completion = completion;
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return TlsProfile.versions();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return profile.cipherSuites();
    }

    @Override
    public int[] getSupportedGroups() {
        return new int[] {namedGroup};
    }

    @Override
    public TlsPSKExternal getExternalPSK(@SuppressWarnings("rawtypes") Vector identities) {
        return identities.contains(new PskIdentity(key.getIdentity(), 0)) ? key : null;
    }

    /** Comes into question only where the client has not offered our key. */
    @Override
    public TlsCredentials getCredentials() throws IOException {
        throw new TlsFatalAlert(AlertDescription.unknown_psk_identity, "the client does not know the pre-shared key");
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        completion.accept(context);
    }
}
