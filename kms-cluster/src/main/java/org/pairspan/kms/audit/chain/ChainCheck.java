package org.pairspan.kms.audit.chain;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.certificate.KeyKind;

/** Follows a chain record by record, and says what does not fit. */
final class ChainCheck {

    private Position position;
    private ChainHash hash;
    private String server;
    private String chain;
    private X509Certificate signer;
    private long signedUpTo;

    /** What is wrong with the next record of the chain; empty where nothing is, and then it has been taken. */
    Optional<String> accept(LogLine line) {
        try {
            check(line);
            position = new Position(line.sequence(), line.hash());
            return Optional.empty();
        } catch (MalformedLineException e) {
            return Optional.of(e.getMessage());
        }
    }

    private void check(LogLine line) throws MalformedLineException {
        if (position == null && !line.isOpening()) {
            throw new MalformedLineException("the first record must be " + LogLine.OPENED + " or " + LogLine.CONTINUED + ", not " + line.event());
        }
        if (position != null && line.sequence() != position.sequence() + 1) {
            throw new MalformedLineException("record " + line.sequence() + " follows record " + position.sequence());
        }
        if (position != null && !line.previous().equals(position.hash())) {
            throw new MalformedLineException("it does not name the hash of the record before, which was changed or is another");
        }
        if (line.sequence() == 1 && !line.previous().equals(ChainHash.NONE)) {
            throw new MalformedLineException("record 1 names a record before it");
        }
        ChainHash expected = line.isOpening() ? ChainHash.ofWord(line.field(LogLine.HASH_ALGORITHM))
                .orElseThrow(() -> new MalformedLineException("it names no hash this version knows")) : hash;
        if (!LineFormat.hashOf(line, expected).equals(line.hash())) {
            throw new MalformedLineException("its hash is not that of its bytes: the record was changed");
        }
        if (line.isOpening()) {
            open(line, expected);
        } else if (line.event().equals(LogLine.CHECKPOINT)) {
            verify(line);
            signedUpTo = line.sequence();
        }
    }

    private void open(LogLine line, ChainHash named) throws MalformedLineException {
        String newServer = line.field(LogLine.SERVER);
        String newChain = line.field(LogLine.CHAIN);
        if (newServer == null || newChain == null) {
            throw new MalformedLineException("it names no server or no chain");
        }
        if (server != null && !(server.equals(newServer) && chain.equals(newChain))) {
            throw new MalformedLineException("it belongs to another chain: server " + newServer + ", chain " + newChain);
        }
        signer = certificate(line);
        server = newServer;
        chain = newChain;
        hash = named;
    }

    private static X509Certificate certificate(LogLine line) throws MalformedLineException {
        try {
            byte[] encoded = Base64.getDecoder().decode(String.valueOf(line.field(LogLine.CERTIFICATE)));
            return (X509Certificate) CertificateFactory.getInstance("X.509", BouncyCastle.PROVIDER)
                    .generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException | IllegalArgumentException e) {
            throw new MalformedLineException("it carries no certificate of its server", e);
        }
    }

    private void verify(LogLine line) throws MalformedLineException {
        try {
            byte[] signed = LineFormat.signedBytes(line);
            KeyKind kind = KeyKind.of(signer.getPublicKey()).orElseThrow(() -> new MalformedLineException("its server's key is of no known kind"));
            Signature signature = Signature.getInstance(kind.signatureAlgorithm(), BouncyCastle.PROVIDER);
            signature.initVerify(signer.getPublicKey());
            if (signed != null) {
                signature.update(signed);
                if (signature.verify(Base64.getDecoder().decode(line.field(LogLine.SIGNATURE)))) {
                    return;
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new MalformedLineException("its signature does not read", e);
        }
        throw new MalformedLineException("its signature is not that of its server's key");
    }

    /** Where the chain is now; null before the first record. */
    Position position() {
        return position;
    }

    /** Null before the first record. */
    String server() {
        return server;
    }

    /** Null before the first record. */
    String chain() {
        return chain;
    }

    /** Whose signatures count now; null before the first record. */
    X509Certificate signer() {
        return signer;
    }

    /** Number of the last checkpoint; 0 where none was met. */
    long signedUpTo() {
        return signedUpTo;
    }
}
