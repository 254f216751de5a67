package org.pairspan.runtime.certificate;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/** Reads and writes PEM files of certificates and private keys. Files are small; nothing larger than {@value #MAX_FILE_BYTES} bytes is read. */
public final class PemFiles {
    static final int MAX_FILE_BYTES = 1 << 20;

    private PemFiles() {
    }

    /**
     * @return the certificates in the order of the file, at least one
     * @throws IOException when the file cannot be read, or holds anything but certificates
     */
    public static List<X509Certificate> readCertificates(Path file) throws IOException {
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter().setProvider(BouncyCastle.PROVIDER);
        List<X509Certificate> certificates = new ArrayList<>();
        for (Object object : readObjects(file)) {
            if (!(object instanceof X509CertificateHolder holder)) {
                throw new IOException(file + " holds something that is not a certificate");
            }
            try {
                certificates.add(converter.getCertificate(holder));
            } catch (CertificateException e) {
                throw new IOException(file + " holds a malformed certificate: " + e.getMessage(), e);
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + " holds no certificate in PEM");
        }
        return certificates;
    }

    /**
     * @return the one private key of the file, PKCS#8 or the older "EC PRIVATE KEY"
     * @throws IOException when the file cannot be read, is encrypted, or holds another number of keys than one
     */
    public static PrivateKey readPrivateKey(Path file) throws IOException {
        List<PrivateKeyInfo> keys = new ArrayList<>();
        for (Object object : readObjects(file)) {
            if (object instanceof PrivateKeyInfo key) {
                keys.add(key);
            } else if (object instanceof PEMKeyPair pair) {
                keys.add(pair.getPrivateKeyInfo());
            }
        }
        if (keys.size() != 1) {
            throw new IOException(file + " holds " + keys.size() + " private keys that are not encrypted, where one is needed");
        }
        return new JcaPEMKeyConverter().setProvider(BouncyCastle.PROVIDER).getPrivateKey(keys.getFirst());
    }

    /**
     * Writes a new file that only its owner can read; it is created so, not changed to it afterwards.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is such a file: a key is never overwritten
     */
    public static void writePrivateKey(Path file, PrivateKey key) throws IOException {
        write(file, "rw-------", List.of(new JcaPKCS8Generator(key, null)));
    }

    /**
     * Writes a new file, the certificates in the given order.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is such a file
     */
    public static void writeCertificates(Path file, List<X509Certificate> certificates) throws IOException {
        write(file, "rw-r--r--", certificates);
    }

    private static List<Object> readObjects(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
        }
        List<Object> objects = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.US_ASCII); PEMParser parser = new PEMParser(reader)) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                objects.add(object);
            }
        }
        return objects;
    }

    private static void write(Path file, String permissions, List<?> objects) throws IOException {
        try (Writer out = new BufferedWriter(SecretFiles.create(file, permissions)); JcaPEMWriter pem = new JcaPEMWriter(out)) {
            for (Object object : objects) {
                pem.writeObject(object);
            }
        }
    }
}
