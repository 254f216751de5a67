package org.pairspan.kms.endpoint;

import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.identity.GrantedPrefixes;
import org.pairspan.runtime.tls.TlsContexts;

/**
 * Who is at the other end of a connection, by its certificate.
 *
 * @param id      the member's id
 * @param granted prefixes it may register
 * @param from    its address
 */
record Peer(String id, List<IpPrefix> granted, InetSocketAddress from) {

    /** From a session whose handshake has ended: the engine has checked chain and role. */
    static Peer of(SSLSession session, InetSocketAddress from) throws SSLPeerUnverifiedException {
        try {
            return new Peer(TlsContexts.peerIdentity(session).id(), GrantedPrefixes.of(TlsContexts.peerCertificate(session)), from);
        } catch (CertificateException e) {
            SSLPeerUnverifiedException refused = new SSLPeerUnverifiedException(e.getMessage());
            refused.initCause(e);
            throw refused;
        }
    }
}
