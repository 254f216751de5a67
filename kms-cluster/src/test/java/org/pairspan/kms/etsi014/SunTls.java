package org.pairspan.kms.etsi014;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.pairspan.runtime.certificate.PemFiles;

/** The JDK's own TLS from PEM files, as a stranger's program would have it. */
public final class SunTls {

    private SunTls() {
    }

    /** A context with own certificate and key {@code <name>.crt, .key} of a folder and its authority. */
    public static SSLContext context(Path folder, String name, String authority) throws IOException, GeneralSecurityException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("own", KeyFactory.getInstance("EC").generatePrivate(
                        new PKCS8EncodedKeySpec(PemFiles.readPrivateKey(folder.resolve(name + ".key")).getEncoded())), new char[0],
                PemFiles.readCertificates(folder.resolve(name + ".crt")).toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, new char[0]);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", PemFiles.readCertificates(folder.resolve(authority + ".crt")).getFirst());
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
