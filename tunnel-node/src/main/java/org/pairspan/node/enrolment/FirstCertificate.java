package org.pairspan.node.enrolment;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.pairspan.runtime.certificate.KeyFiles;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.certificate.PemFiles;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;

/**
 * A member's first certificate, for a token: makes {@code <id>.key} and {@code <id>.crt} in a folder. The key is on disk before it is asked
 * with, so that a question whose answer was lost can be asked again with the same key, which alone gets the same answer.
 */
public final class FirstCertificate {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final Path folder;
    private final List<X509Certificate> authorities;
    private final KeyKind kind;

    /**
     * @param authority PEM; the key server's certificate and ours come from it
     * @throws org.pairspan.runtime.config.ConfigurationException when it cannot be read
     */
    public FirstCertificate(Path folder, Path authority) {
        this.folder = folder;
        this.authorities = KeyFiles.certificates("--authority", authority);
        this.kind = KeyFiles.kind("--authority", authority, authorities.getFirst());
    }

    /** Where the certificate is, or will be. */
    public Path certificate(String id) {
        return folder.resolve(id + ".crt");
    }

    /** Where its key is, or will be. */
    public Path key(String id) {
        return folder.resolve(id + ".key");
    }

    /**
     * Asks a key server for the certificate, and writes it.
     *
     * @param token 32 bytes, for this member
     * @throws RefusedException when the key server will not issue one for this token
     * @throws FileAlreadyExistsException when the certificate is there already
     * @throws IOException when it cannot be had now, or a file cannot be written
     */
    public X509Certificate enrol(InetSocketAddress server, String id, byte[] token) throws IOException, RefusedException {
        Identity identity = new Identity(Role.MEMBER, id);
        if (Files.exists(certificate(id))) {
            throw new FileAlreadyExistsException(certificate(id).toString());
        }
        Files.createDirectories(folder);
        EnrolmentExchange exchange = new EnrolmentExchange(identity, kind, keyPair(id), authorities);
        try (SSLSocket socket = TlsContexts.connectAsStranger(authorities, server, CONNECT)) {
            List<X509Certificate> chain = exchange.ask(socket, token, Instant.now());
            PemFiles.writeCertificates(certificate(id), chain);
            return chain.getFirst();
        }
    }

    private KeyPair keyPair(String id) throws IOException {
        if (Files.exists(key(id))) {
            KeyFiles.requireOwnerOnly("--out", key(id));
            PrivateKey earlier = PemFiles.readPrivateKey(key(id));
            try {
                PublicKey publicKey = kind.publicKeyOf(earlier);
                return new KeyPair(publicKey, earlier);
            } catch (GeneralSecurityException e) {
                throw new IOException(key(id) + " is there already, and is no " + kind + " key. Move it away, or name another place", e);
            }
        }
        KeyPair pair = kind.generate(new SecureRandom());
        PemFiles.writePrivateKey(key(id), pair.getPrivate());
        return pair;
    }
}
