package org.pairspan.runtime.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.jsse.BCX509ExtendedKeyManager;
import org.bouncycastle.jsse.BCX509Key;

/**
 * Offers the one key there is, if the peer takes its kind. Bouncy Castle's stock key managers (1.84) choose by a list of key types that lacks
 * the one of SM2, EC/curveSM2, so that they would offer none; therefore the four choices are made here.
 */
final class OwnKeyManager extends BCX509ExtendedKeyManager {
    private static final String ALIAS = "own";

    private final TlsIdentity identity;
    private final String keyType;

    OwnKeyManager(TlsIdentity identity) {
        this.identity = identity;
        this.keyType = "EC/" + identity.keyKind().curveInTls();
    }

    @Override
    public BCX509Key chooseClientKeyBC(String[] keyTypes, Principal[] issuers, Socket socket) {
        return choose(keyTypes);
    }

    @Override
    public BCX509Key chooseServerKeyBC(String[] keyTypes, Principal[] issuers, Socket socket) {
        return choose(keyTypes);
    }

    @Override
    public BCX509Key chooseEngineClientKeyBC(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return choose(keyTypes);
    }

    @Override
    public BCX509Key chooseEngineServerKeyBC(String[] keyTypes, Principal[] issuers, SSLEngine engine) {
        return choose(keyTypes);
    }

    @Override
    protected BCX509Key getKeyBC(String type, String alias) {
        return ALIAS.equals(alias) ? choose(new String[] {type}) : null;
    }

    @Override
    public String[] getClientAliases(String type, Principal[] issuers) {
        return aliases(type);
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
        return Arrays.asList(types).contains(keyType) ? ALIAS : null;
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
        return aliases(type);
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
        return keyType.equals(type) ? ALIAS : null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return ALIAS.equals(alias) ? identity.chain().toArray(X509Certificate[]::new) : null;
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return ALIAS.equals(alias) ? identity.privateKey() : null;
    }

    private String[] aliases(String type) {
        return keyType.equals(type) ? new String[] {ALIAS} : null;
    }

    private BCX509Key choose(String[] keyTypes) {
        return Arrays.asList(keyTypes).contains(keyType) ? new OwnKey() : null;
    }

    private final class OwnKey implements BCX509Key {
        @Override
        public X509Certificate[] getCertificateChain() {
            return OwnKeyManager.this.getCertificateChain(ALIAS);
        }

        @Override
        public String getKeyType() {
            return keyType;
        }

        @Override
        public PrivateKey getPrivateKey() {
            return identity.privateKey();
        }
    }
}
