package org.pairspan.protocol.handshake;

import java.io.IOException;
import java.util.Vector;
import java.util.function.Consumer;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateStatusRequest;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsPSK;
import org.bouncycastle.tls.TlsPSKExternal;
import org.bouncycastle.tls.crypto.TlsCrypto;

/** A TLS client that knows one suite, one group and one key, and takes no certificate in the key's place. */
final class PskClient extends AbstractTlsClient {
    private final TlsProfile profile;
    private final int namedGroup;
    private final TlsPSKExternal key;
    private final Consumer<TlsContext> completion;

    PskClient(TlsCrypto crypto, HandshakeParameters parameters, TlsPSKExternal key, Consumer<TlsContext> completion) {
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
    protected Vector<Integer> getSupportedGroups(@SuppressWarnings("rawtypes") Vector namedGroupRoles) {
        return only(namedGroup);
    }

    @Override
    public Vector<Integer> getEarlyKeyShareGroups() {
        return only(namedGroup);
    }

    @Override
    public Vector<TlsPSKExternal> getExternalPSKs() {
        return only(key);
    }

    /** None: no signature is ever asked for. */
    @Override
    protected Vector<?> getSupportedSignatureAlgorithms() {
        return null;
    }

    @Override
    protected CertificateStatusRequest getCertificateStatusRequest() {
        return null;
    }

    /** No middlebox looks into the tunnel (RFC 8446 appendix D.4). */
    @Override
    public boolean shouldUseCompatibilityMode() {
        return false;
    }

    @Override
    public void notifySelectedPSK(TlsPSK selectedPsk) throws IOException {
        if (selectedPsk == null) {
            throw new TlsFatalAlert(AlertDescription.handshake_failure, "the server has not taken the pre-shared key");
        }
    }

    @Override
    public TlsAuthentication getAuthentication() throws IOException {
        throw new TlsFatalAlert(AlertDescription.unexpected_message, "the server wants to be known by a certificate");
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        completion.accept(context);
    }

    private static <T> Vector<T> only(T element) {
        Vector<T> elements = new Vector<>(1);
        elements.add(element);
        return elements;
    }
}
