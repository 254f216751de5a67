package org.pairspan.runtime.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.pairspan.runtime.config.ConfigurationException;

/** Reads certificates and private keys that settings name, and refuses what is not safe to use. */
public final class KeyFiles {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(
        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));
    private static final byte[] PROBE = {'p', 'a', 'i', 'r', 's', 'p', 'a', 'n'};

    private KeyFiles() {
    }

    /**
     * @param name the setting that names the file
     * @throws ConfigurationException when it is not a readable PEM file of certificates
     */
    public static List<X509Certificate> certificates(String name, Path file) {
        try {
            return PemFiles.readCertificates(file);
        } catch (IOException e) {
            throw unreadable(name, file, e);
        }
    }

    /** @throws ConfigurationException when the key is of a kind that is not used here */
    public static KeyKind kind(String name, Path file, X509Certificate certificate) {
        return KeyKind.of(certificate.getPublicKey()).orElseThrow(() -> new ConfigurationException(name, file.toString(),
            "must have an SM2, ECDSA P-256 or ECDSA P-384 key", "issue it again with 'pairspan pki'"));
    }

    /**
     * @param name the setting that names the file
     * @param certificate the key must belong to it
     * @throws ConfigurationException when it is not a readable PEM file of one key, group or others can read it, or it is another certificate's
     */
    public static PrivateKey privateKey(String name, Path file, X509Certificate certificate, KeyKind kind) {
        requireOwnerOnly(name, file);
        try {
            PrivateKey key = PemFiles.readPrivateKey(file);
            if (fits(key, certificate, kind)) {
                return key;
            }
        } catch (IOException e) {
            throw unreadable(name, file, e);
        }
        throw new ConfigurationException(name, file.toString(), "must be the private key of the certificate of "
            + certificate.getSubjectX500Principal(), "name the key that was issued with this certificate");
    }

    /**
     * For any file that holds a secret.
     *
     * @throws ConfigurationException when group or others have any permission on it
     */
    public static void requireOwnerOnly(String name, Path file) {
        try {
            if (!Files.getFileStore(file).supportsFileAttributeView("posix")) {
                return;
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(OTHERS::contains)) {
                throw new ConfigurationException(name, file + " with permissions " + PosixFilePermissions.toString(permissions),
                    "must not be open to group or others", "chmod 600 " + file);
            }
        } catch (IOException e) {
            throw unreadable(name, file, e);
        }
    }

    private static boolean fits(PrivateKey key, X509Certificate certificate, KeyKind kind) {
        try {
            Signature signature = Signature.getInstance(kind.signatureAlgorithm(), BouncyCastle.PROVIDER);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            // A key of another algorithm cannot be used with this one at all.
            return false;
        }
    }

    private static ConfigurationException unreadable(String name, Path file, IOException cause) {
        return new ConfigurationException(name, file.toString(), "must be a readable PEM file: " + cause.getMessage(),
            "check the path, its permissions and its content", cause);
    }
}
