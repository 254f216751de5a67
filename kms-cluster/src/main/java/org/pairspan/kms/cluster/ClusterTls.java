package org.pairspan.kms.cluster;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;
import scala.Option;

/** TLS between key servers: both sides show a certificate of role kms under the service's authority. */
final class ClusterTls implements SSLEngineProvider {

    private final TlsContexts tls;

    ClusterTls(TlsContexts tls) {
        this.tls = tls;
    }

    @Override
    public SSLEngine createServerSSLEngine(String hostname, int port) {
        return tls.serverEngine(Role.KMS);
    }

    @Override
    public SSLEngine createClientSSLEngine(String hostname, int port) {
        return tls.clientEngine(Role.KMS);
    }

    /** The engine has already refused every peer that is no key server. */
    @Override
    public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
        return Option.empty();
    }

    @Override
    public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
        return Option.empty();
    }
}
